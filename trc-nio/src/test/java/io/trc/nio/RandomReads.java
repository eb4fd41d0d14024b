package io.trc.nio;

import io.trc.TrcOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * Reads pieces of 4 KiB at random from a file in an overlay, and prints how many a second and how
 * much was decoded for them. The command is in the README.
 */
public final class RandomReads {
  private static final int PIECE = 4096;
  private static final long SEED = 1;

  private RandomReads() {}

  /** Takes a text file, the number of reads, and the block size in bytes. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3) {
      throw new IllegalArgumentException("usage: RandomReads FILE READS BLOCKSIZE");
    }
    byte[] text = Files.readAllBytes(Path.of(arguments[0]));
    int reads = Integer.parseInt(arguments[1]);
    TrcOptions options = TrcOptions.builder().blockSize(Integer.parseInt(arguments[2])).build();
    Path folder = Files.createTempDirectory("trc-reads");
    try (FileSystem fs = TrcFileSystems.open(folder, options)) {
      Path path = fs.getPath("text");
      Files.write(path, text);
      Entry entry = ((OverlayFileSystem) fs).entry((TrcPath) path, true);
      Content opened = ((OverlayFileSystem) fs).store().content(entry);
      try (PackedContent content = (PackedContent) opened) {
        content.read(ByteBuffer.allocate(1), 0); // loads the model
        print(text.length, reads, content);
      }
      Files.delete(path);
    } finally {
      Files.delete(folder);
    }
  }

  private static void print(int length, int reads, PackedContent content) throws IOException {
    Random random = new Random(SEED);
    long before = content.decodedBytes();
    long start = System.nanoTime();
    for (int i = 0; i < reads; i++) {
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      long from = random.nextInt(Math.max(1, length - PIECE));
      int count = 0;
      while (count >= 0 && piece.hasRemaining()) {
        count = content.read(piece, from + piece.position());
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long decoded = content.decodedBytes() - before;
    System.out.printf(
        Locale.ROOT,
        "%d bytes, %d reads of %d: %.2f reads/s, %.0f bytes decoded a read, %.1f %% of the file each%n",
        length,
        reads,
        PIECE,
        reads / seconds,
        (double) decoded / reads,
        100.0 * decoded / reads / length);
  }
}
