package io.trc.compress;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/** What an application in a container does with .trc; says so if all of it went well. */
public final class Application {
  private Application() {}

  /** Takes nothing. */
  public static void main(String[] args) throws IOException {
    try {
      new CompressorStreamFactory()
          .createCompressorOutputStream("trc", new ByteArrayOutputStream());
      throw new IllegalStateException("the system class loader sees the module");
    } catch (CompressorException expected) {
      require(expected.getMessage().equals("Compressor: trc not found."), expected.getMessage());
    }

    CompressorStreamFactory factory = new TrcCompressorStreamFactory();
    require(factory.getCompressorInputStreamProviders().containsKey("TRC"), "a reader");
    require(factory.getCompressorOutputStreamProviders().containsKey("TRC"), "a writer");

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = factory.createCompressorOutputStream("TRC", bytes)) {
      out.write(Members.FOX);
    }
    for (String name : new String[] {"trc", "Trc"}) {
      try (InputStream in =
          factory.createCompressorInputStream(
              name, new ByteArrayInputStream(bytes.toByteArray()))) {
        require(Arrays.equals(in.readAllBytes(), Members.FOX), "by name");
      }
    }
    try (InputStream in =
        factory.createCompressorInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      require(Arrays.equals(in.readAllBytes(), Members.FOX), "by detection");
    }
    System.out.println("all is well");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }
}
