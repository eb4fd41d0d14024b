package io.trc.cli;

import io.trc.TrcInputStream;
import io.trc.TrcOptions;
import io.trc.TrcOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Moves the bytes of one input through the codec, and proves results. */
final class Transcoding {
  private static final int PIECE = 1 << 16;

  private final TrcOptions options;
  private final Shell shell;
  private final Messages messages;

  Transcoding(TrcOptions options, Shell shell, Messages messages) {
    this.options = options;
    this.shell = shell;
    this.messages = messages;
  }

  /** Compresses and returns the number of plain bytes. */
  long compress(Input input, Sink sink) throws IOException {
    // So many bytes may have been taken by the codec and not be coded yet.
    long ahead = (2L * options.threads() - 1) * options.blockSize();
    long plain = 0;
    boolean whole = false;
    try (InputStream in = input.open(shell);
        TrcOutputStream out = new TrcOutputStream(sink, options);
        Progress progress = new Progress(messages, input.name(), input.length())) {
      byte[] piece = new byte[PIECE];
      try {
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
          out.write(piece, 0, n);
          plain += n;
          progress.at(Math.max(0, plain - ahead), sink.count());
        }
        out.finish(); // while progress is still shown, for much may be left to do
        whole = true;
      } finally {
        if (!whole) {
          sink.abort();
        }
      }
    }
    return plain;
  }

  /** Decompresses and returns a checksum of the plain bytes. */
  long decompress(Input input, Sink sink, long plainLength) throws IOException {
    CRC32C checksum = new CRC32C();
    long plain = 0;
    try (InputStream beneath = input.open(shell);
        TrcInputStream in = new TrcInputStream(beneath, options);
        Progress progress = new Progress(messages, input.name(), plainLength)) {
      byte[] piece = new byte[PIECE];
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        sink.write(piece, 0, n);
        sink.flush(); // a block has taken long, and what comes after it may be damaged
        checksum.update(piece, 0, n);
        plain += n;
        progress.at(plain, in.compressedBytesRead());
      }
    }
    return checksum.getValue();
  }

  /** Throws unless compressed data decodes to the bytes of a file. */
  void prove(InputStream compressed, Path plain, long length) throws IOException {
    long position = 0;
    try (InputStream decoded = new TrcInputStream(compressed, options);
        InputStream original = Files.newInputStream(plain);
        Progress progress = new Progress(messages, plain + " (verifying)", length)) {
      byte[] piece = new byte[PIECE];
      for (int n = decoded.read(piece); n >= 0; n = decoded.read(piece)) {
        byte[] wanted = original.readNBytes(n);
        if (!Arrays.equals(wanted, 0, wanted.length, piece, 0, n)) {
          throw new Failure(plain.toString(), differs(position));
        }
        position += n;
        progress.at(position, -1);
      }
      if (position != length || original.read() >= 0) {
        throw new Failure(plain.toString(), differs(position));
      }
    }
  }

  private static String differs(long position) {
    return "what was written does not decode to the file from byte "
        + position
        + " on (did the file change?); the file stays and the output is deleted";
  }

  /** Throws unless plain data is what was decoded. */
  void prove(InputStream plain, long length, long checksum) throws IOException {
    CRC32C found = new CRC32C();
    long position = 0;
    byte[] piece = new byte[PIECE];
    for (int n = plain.read(piece); n >= 0; n = plain.read(piece)) {
      found.update(piece, 0, n);
      position += n;
    }
    if (position != length || found.getValue() != checksum) {
      throw new IOException("what was written is not what was decoded; the output is deleted");
    }
  }
}
