package io.trc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The archives under golden/: what is in each, and how it was made. Run it with the name of a
 * folder and of an engine to make them again, for a new version of the format; old ones stay.
 */
final class GoldenArchives {
  /** The example of FORMAT.md. */
  private static final String TIMES =
      "It was the best of times, it was the worst of times, it was the age of wisdom.";

  /** The lines of a log that FORMAT.md shows. */
  private static final String DOORS =
      """
      20:14:07 door 3 opened
      20:14:31 door 3 closed
      20:15:02 door 1 opened
      20:15:40 door 1 closed
      20:16:11 door 3 opened
      20:16:29 door 3 closed
      """;

  private GoldenArchives() {}

  /** One archive: its plain bytes and its options. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Golden(byte[][] members, TrcOptions options) {
    byte[] plain() {
      return Samples.concatenate(members);
    }

    byte[] write(TrcEngine engine) throws IOException {
      ByteArrayOutputStream archive = new ByteArrayOutputStream();
      for (byte[] member : members) {
        archive.write(Trc.compress(member, options.toBuilder().engine(engine).build()));
      }
      return archive.toByteArray();
    }
  }

  static Map<String, Golden> all() {
    TrcOptions huffman = TrcOptions.builder().coder(TrcOptions.Coder.HUFFMAN).build();
    TrcOptions range = TrcOptions.builder().coder(TrcOptions.Coder.RANGE).build();
    TrcOptions small = huffman.toBuilder().blockSize(TrcOptions.BLOCK_SIZE_MIN).level(1).build();
    TrcOptions mixing = TrcOptions.builder().blockSize(TrcOptions.BLOCK_SIZE_MIN).build();
    TrcOptions bytes = mixing.toBuilder().level(2).build();
    byte[] paragraph = Samples.utf8(Samples.PARAGRAPH);
    byte[] mixed =
        Samples.concatenate(Samples.prose(4096, 0), Samples.random(4096, 9), new byte[4096]);
    Map<String, Golden> goldens = new LinkedHashMap<>();
    goldens.put("empty", new Golden(new byte[][] {{}}, huffman));
    goldens.put("times", new Golden(new byte[][] {Samples.utf8(TIMES)}, huffman));
    goldens.put("paragraph-huffman", new Golden(new byte[][] {paragraph}, huffman));
    goldens.put("paragraph-range", new Golden(new byte[][] {paragraph}, range));
    goldens.put("window", new Golden(new byte[][] {Samples.prose(6000, 1000)}, huffman));
    goldens.put("blocks", new Golden(new byte[][] {mixed}, small));
    TrcOptions quickest = TrcOptions.builder().level(1).build();
    goldens.put("doors", new Golden(new byte[][] {Samples.utf8(DOORS)}, quickest));
    goldens.put("mixed", new Golden(new byte[][] {Samples.prose(9000, 200)}, mixing));
    goldens.put(
        "bytes",
        new Golden(new byte[][] {Samples.concatenate(Samples.prose(9000, 0), mixed)}, bytes));
    TrcOptions alone = TrcOptions.builder().coder(TrcOptions.Coder.BYTES).build();
    goldens.put("table", new Golden(new byte[][] {Samples.table(60)}, alone));
    goldens.put("members", new Golden(new byte[][] {paragraph, {}, {0}, paragraph}, range));
    return goldens;
  }

  static byte[] read(String name) throws IOException {
    try (InputStream in = GoldenArchives.class.getResourceAsStream("golden/" + name + ".trc")) {
      if (in == null) {
        throw new IOException("no golden archive " + name);
      }
      return in.readAllBytes();
    }
  }

  /** Writes all archives: FOLDER ENGINE. */
  public static void main(String[] args) throws IOException {
    for (Map.Entry<String, Golden> golden : all().entrySet()) {
      Path file = Path.of(args[0], golden.getKey() + ".trc");
      Files.write(file, golden.getValue().write(TrcEngine.of(args[1])));
      System.out.println(file + " " + Files.size(file));
    }
  }
}
