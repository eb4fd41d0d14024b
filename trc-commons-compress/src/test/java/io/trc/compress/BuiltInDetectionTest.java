package io.trc.compress;

import static io.trc.compress.Members.FOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorInputStream;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever Commons Compress detects, the factory that knows .trc still detects. */
class BuiltInDetectionTest {
  private final CompressorStreamFactory factory = new TrcCompressorStreamFactory();

  @ParameterizedTest
  @ValueSource(
      strings = {
        CompressorStreamFactory.BZIP2,
        CompressorStreamFactory.GZIP,
        CompressorStreamFactory.PACK200,
        CompressorStreamFactory.SNAPPY_FRAMED,
        CompressorStreamFactory.Z,
        CompressorStreamFactory.DEFLATE,
        CompressorStreamFactory.XZ,
        CompressorStreamFactory.LZMA,
        CompressorStreamFactory.LZ4_FRAMED,
        CompressorStreamFactory.ZSTANDARD
      })
  void stillDetects(String name) throws IOException {
    byte[] compressed = compressed(name);
    Set<String> others = new HashSet<>(factory.getInputStreamCompressorNames());
    others.remove(name);

    assertThat(CompressorStreamFactory.detect(in(compressed))).isEqualTo(name);
    assertThat(TrcCompressorStreamFactory.detect(in(compressed))).isEqualTo(name);
    assertThat(TrcCompressorStreamFactory.detectTrc(in(compressed))).isFalse();
    assertThat(TrcCompressorStreamFactory.detect(in(compressed), Set.of("trc", name)))
        .isEqualTo(name);
    assertThatExceptionOfType(CompressorException.class)
        .isThrownBy(() -> factory.createCompressorInputStream(in(compressed), others));
    try (CompressorInputStream in = factory.createCompressorInputStream(in(compressed))) {
      assertReads(name, in);
    }
    try (CompressorInputStream in =
        factory.createCompressorInputStream(in(compressed), Set.of(name))) {
      assertReads(name, in);
    }
  }

  private static InputStream in(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private byte[] compressed(String name) throws IOException {
    if (name.equals(CompressorStreamFactory.Z)) {
      return literals(FOX);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = factory.createCompressorOutputStream(name, bytes)) {
      out.write(name.equals(CompressorStreamFactory.PACK200) ? jar() : FOX);
    }
    return name.equals(CompressorStreamFactory.PACK200)
        ? new GZIPInputStream(in(bytes.toByteArray())).readAllBytes() // packed and then zipped
        : bytes.toByteArray();
  }

  /** Commons Compress writes no .Z: a code of 9 bits for every byte, the lowest bit first. */
  private static byte[] literals(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0x1f);
    bytes.write(0x9d);
    bytes.write(0x90);
    int bits = 0;
    int count = 0;
    for (byte octet : plain) {
      bits |= (octet & 0xff) << count;
      count += 9;
      while (count >= 8) {
        bytes.write(bits);
        bits >>>= 8;
        count -= 8;
      }
    }
    bytes.write(bits);
    return bytes.toByteArray();
  }

  /** Pack200 packs nothing but jars. */
  private static byte[] jar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      jar.putNextEntry(new JarEntry("fox.txt"));
      jar.write(FOX);
      jar.closeEntry();
    }
    return bytes.toByteArray();
  }

  private static void assertReads(String name, InputStream in) throws IOException {
    if (name.equals(CompressorStreamFactory.PACK200)) {
      // Commons Compress 1.28.0 loses the contents of such files on the way, but not the files.
      assertThat(new JarInputStream(in).getNextEntry().getName()).isEqualTo("fox.txt");
    } else {
      assertThat(in.readAllBytes()).isEqualTo(FOX);
    }
  }
}
