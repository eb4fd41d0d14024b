package io.trc.bench;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictTrainer;
import com.ibm.icu.text.UnicodeCompressor;
import com.ibm.icu.text.UnicodeDecompressor;
import io.trc.TrcDictionary;
import io.trc.TrcText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Prints what short strings become, each coded alone: by the model, by a dictionary of samples, and
 * by peers which see the same samples. Every code is decoded and compared. A string that a method
 * makes longer counts as its UTF-8 and one byte, for every method.
 *
 * <p>Arguments: TEST [--train TRAIN] [--size BYTES], files of one message a line. The script {@code
 * messages} calls it.
 */
public final class MessagesBenchmark {
  /** The lengths in UTF-8 where the classes of the table end. */
  private static final int[] ENDS = {16, 32, 64, 128, Integer.MAX_VALUE};

  private static final int ZSTD_LEVEL = 19;

  /** The size of a dictionary that the zstd command makes if nothing is said. */
  private static final int ZSTD_DICTIONARY = 112_640;

  /** Deflate sees no further back. */
  private static final int DEFLATE_DICTIONARY = 1 << 15;

  private MessagesBenchmark() {}

  /** A way of coding strings, each alone. */
  private interface Method {
    byte[] encode(String text) throws IOException;

    String decode(byte[] code, int plainLength) throws IOException;
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException {
    Path test = null;
    Path train = null;
    int size = TrcDictionary.SIZE_DEFAULT;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--train") && i + 1 < args.length) {
        train = Path.of(args[++i]);
      } else if (args[i].equals("--size") && i + 1 < args.length) {
        size = Integer.parseInt(args[++i]);
      } else if (test == null && !args[i].startsWith("--")) {
        test = Path.of(args[i]);
      } else {
        test = null;
        break;
      }
    }
    if (test == null) {
      System.err.println("usage: MessagesBenchmark TEST [--train TRAIN] [--size BYTES]");
      System.exit(2);
    }
    run(messages(test), train == null ? List.of() : messages(train), size);
  }

  private static List<String> messages(Path file) throws IOException {
    return Files.readAllLines(file).stream().filter(line -> !line.isEmpty()).toList();
  }

  private static void run(List<String> test, List<String> train, int size) throws IOException {
    int[] counts = new int[ENDS.length];
    long[] plain = new long[ENDS.length];
    for (String text : test) {
      counts[lengthClass(text)]++;
      plain[lengthClass(text)] += utf8(text).length;
    }
    List<String> head = new ArrayList<>(List.of("per cent saved", "total"));
    List<String> bytes = new ArrayList<>(List.of("plain UTF-8, bytes", sum(plain)));
    List<String> messages = new ArrayList<>(List.of("messages", String.valueOf(test.size())));
    for (int c = 0; c < ENDS.length; c++) {
      boolean last = c == ENDS.length - 1;
      int from = c == 0 ? 1 : ENDS[c - 1];
      head.add(last ? from + " bytes and more" : from + " to " + (ENDS[c] - 1));
      bytes.add(String.valueOf(plain[c]));
      messages.add(String.valueOf(counts[c]));
    }
    print(head);
    System.out.println("| --- |" + " ---: |".repeat(ENDS.length + 1));
    print(messages);
    print(bytes);
    row("SCSU", new Scsu(), test, plain);
    row("deflate" + (train.isEmpty() ? "" : ", preset dictionary"), deflate(train), test, plain);
    row("zstd -19" + (train.isEmpty() ? "" : ", dictionary"), zstd(train), test, plain);
    row("TrcText, model", new Trc(TrcText.builder().build()), test, plain);
    if (!train.isEmpty()) {
      TrcDictionary dictionary = TrcDictionary.train(train, size);
      System.err.printf(
          "%s: %d bytes, of %d samples%n", dictionary, dictionary.size(), train.size());
      Method method = new Trc(TrcText.builder().dictionary(dictionary).build());
      long saved = row("TrcText, dictionary", method, test, plain);
      Method both = new Trc(TrcText.builder().dictionary(dictionary).withModel().build());
      row("TrcText, dictionary and model", both, test, plain);
      long all = Arrays.stream(plain).sum();
      System.out.printf(
          Locale.ROOT,
          "%nsaved %.1f %% (%d -> %d bytes, %d messages)%n",
          100.0 * saved / all,
          all,
          all - saved,
          test.size());
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static int lengthClass(String text) {
    int length = utf8(text).length;
    int c = 0;
    while (length >= ENDS[c]) {
      c++;
    }
    return c;
  }

  private static String sum(long[] values) {
    return String.valueOf(Arrays.stream(values).sum());
  }

  private static void print(List<String> cells) {
    System.out.println("| " + String.join(" | ", cells) + " |");
  }

  /** Measures a method, and returns the bytes it saves. */
  private static long row(String name, Method method, List<String> test, long[] plain)
      throws IOException {
    long[] coded = new long[ENDS.length];
    for (String text : test) {
      byte[] code = method.encode(text);
      int length = utf8(text).length;
      if (!method.decode(code, length).equals(text)) {
        throw new IOException("a message does not come back from " + name + ": " + text);
      }
      coded[lengthClass(text)] += Math.min(code.length, length + 1);
    }
    long all = Arrays.stream(plain).sum();
    long saved = all - Arrays.stream(coded).sum();
    List<String> cells = new ArrayList<>(List.of(name, percent(saved, all)));
    for (int c = 0; c < ENDS.length; c++) {
      cells.add(percent(plain[c] - coded[c], plain[c]));
    }
    print(cells);
    return saved;
  }

  private static String percent(long part, long all) {
    return all == 0 ? "-" : String.format(Locale.ROOT, "%.1f", 100.0 * part / all);
  }

  /** Messages of TRC. */
  private record Trc(TrcText text) implements Method {
    @Override
    public byte[] encode(String string) throws IOException {
      return text.encode(string);
    }

    @Override
    public String decode(byte[] code, int plainLength) throws IOException {
      return text.decode(code);
    }
  }

  /** The Standard Compression Scheme for Unicode. */
  private static final class Scsu implements Method {
    @Override
    public byte[] encode(String text) {
      return UnicodeCompressor.compress(text);
    }

    @Override
    public String decode(byte[] code, int plainLength) {
      return UnicodeDecompressor.decompress(code);
    }
  }

  private static Method deflate(List<String> train) {
    byte[] all = utf8(String.join("\n", train));
    int from = Math.max(0, all.length - DEFLATE_DICTIONARY);
    byte @Nullable [] dictionary =
        train.isEmpty() ? null : Arrays.copyOfRange(all, from, all.length);
    return new Method() {
      @Override
      public byte[] encode(String text) {
        byte[] plain = utf8(text);
        byte[] code = new byte[2 * plain.length + 64];
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
          if (dictionary != null) {
            deflater.setDictionary(dictionary);
          }
          deflater.setInput(plain);
          deflater.finish();
          return Arrays.copyOf(code, deflater.deflate(code));
        } finally {
          deflater.end();
        }
      }

      @Override
      public String decode(byte[] code, int plainLength) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
          if (dictionary != null) {
            inflater.setDictionary(dictionary);
          }
          inflater.setInput(code);
          byte[] plain = new byte[plainLength];
          return new String(plain, 0, inflater.inflate(plain), StandardCharsets.UTF_8);
        } catch (DataFormatException e) {
          throw new IOException(e);
        } finally {
          inflater.end();
        }
      }
    };
  }

  private static Method zstd(List<String> train) {
    byte @Nullable [] dictionary = train.isEmpty() ? null : zstdDictionary(train);
    return new Method() {
      @Override
      public byte[] encode(String text) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
          context.setLevel(ZSTD_LEVEL).setMagicless(true);
          context.setContentSize(false).setDictID(false).setChecksum(false);
          if (dictionary != null) {
            context.loadDict(dictionary);
          }
          return context.compress(utf8(text));
        }
      }

      @Override
      public String decode(byte[] code, int plainLength) {
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
          context.setMagicless(true);
          if (dictionary != null) {
            context.loadDict(dictionary);
          }
          return new String(context.decompress(code, plainLength), StandardCharsets.UTF_8);
        }
      }
    };
  }

  private static byte[] zstdDictionary(List<String> train) {
    int bytes = train.stream().mapToInt(text -> utf8(text).length).sum();
    ZstdDictTrainer trainer = new ZstdDictTrainer(bytes, Math.min(ZSTD_DICTIONARY, bytes / 2));
    train.forEach(text -> trainer.addSample(utf8(text)));
    return trainer.trainSamples();
  }
}
