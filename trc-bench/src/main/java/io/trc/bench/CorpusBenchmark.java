package io.trc.bench;

import io.trc.entropy.EntropyCoder;
import io.trc.entropy.huffman.HuffmanCoder;
import io.trc.entropy.range.RangeCoder;
import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufVocabulary;
import io.trc.model.EmbeddedModel;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.PooledModel;
import io.trc.predict.SlidingWindow;
import io.trc.predict.Vocabulary;
import io.trc.predict.llama.LlamaModel;
import io.trc.text.DistributionCoder;
import io.trc.text.TextDecoder;
import io.trc.text.TextEncoder;
import io.trc.text.TokenCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Prints, for each file of a folder: plain and compressed size, bits per byte, tokens per second of
 * encoding and decoding in one thread and one lane, the model's raw rates over the same tokens in
 * the same run, and the time that distribution and coder take for a token. Every figure of time is
 * the median of the rounds; raw and coded runs take turns.
 *
 * <p>Arguments: FOLDER [huffman|range] [ROUNDS] [BYTES], the last one to cut files short.
 */
public final class CorpusBenchmark {
  private static final int WINDOW = 512;
  private static final int BLOCK = 1 << 15;

  private final LanguageModel model;
  private final EntropyCoder coder;
  private final int rounds;
  private final PrintStream out;

  private CorpusBenchmark(LanguageModel model, EntropyCoder coder, int rounds, PrintStream out) {
    this.model = model;
    this.coder = coder;
    this.rounds = rounds;
    this.out = out;
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      System.err.println("usage: CorpusBenchmark FOLDER [huffman|range] [ROUNDS] [BYTES]");
      System.exit(2);
    }
    EntropyCoder coder =
        args.length > 1 && args[1].equals("range") ? new RangeCoder() : new HuffmanCoder();
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    int limit = args.length > 3 ? Integer.parseInt(args[3]) : Integer.MAX_VALUE;
    List<Path> files;
    try (Stream<Path> entries = Files.list(Path.of(args[0]))) {
      files = entries.filter(Files::isRegularFile).sorted().toList();
    }
    try (LanguageModel model = embedded(EmbeddedModel.small())) {
      CorpusBenchmark benchmark = new CorpusBenchmark(model, coder, rounds, System.out);
      benchmark.head();
      for (Path file : files) {
        byte[] plain = Files.readAllBytes(file);
        benchmark.run(
            String.valueOf(file.getFileName()),
            plain.length <= limit ? plain : Arrays.copyOf(plain, limit));
      }
    }
  }

  static LanguageModel embedded(EmbeddedModel embedded) throws IOException {
    Path copy = Files.createTempFile("trc-bench-", ".gguf");
    try (InputStream gguf = embedded.open()) {
      Files.copy(gguf, copy, StandardCopyOption.REPLACE_EXISTING);
      GgufFile header = GgufFile.read(copy);
      return new PooledModel(LlamaModel.load(copy, header, GgufVocabulary.of(header)));
    } finally {
      Files.delete(copy);
    }
  }

  private void head() {
    out.printf(
        "%s, %s, window %d, blocks of %d KiB, one thread, median of %d%n",
        model.engine(), coder.getClass().getSimpleName(), WINDOW, BLOCK >> 10, rounds);
    out.println(
        "| file | plain | compressed | bits/byte | tokens | encode tok/s | raw batch tok/s |"
            + " share | decode tok/s | raw single tok/s | share | coder us/token: encode | decode |");
    out.println("| --- |" + " ---: |".repeat(12));
  }

  private void run(String name, byte[] plain) throws IOException {
    List<byte[]> blocks = new ArrayList<>();
    for (int from = 0; from < plain.length; from += BLOCK) {
      blocks.add(Arrays.copyOfRange(plain, from, Math.min(plain.length, from + BLOCK)));
    }
    double[] encode = new double[rounds];
    double[] batch = new double[rounds];
    double[] decode = new double[rounds];
    double[] single = new double[rounds];
    double[] encodeCoder = new double[rounds];
    double[] decodeCoder = new double[rounds];
    long compressed = 0;
    long tokens = 0;
    TokenCoder tokenCoder = new DistributionCoder(coder, model.vocabulary().size());
    for (int round = 0; round < rounds; round++) {
      batch[round] = raw(blocks, 512);
      TimedModel encoding = new TimedModel(model);
      TextEncoder encoder = new TextEncoder(encoding, WINDOW);
      List<byte[]> codes = new ArrayList<>();
      compressed = 0;
      long start = System.nanoTime();
      for (byte[] block : blocks) {
        TextEncoder.Code code =
            encoder.encode(block, Integer.MAX_VALUE, List.of(tokenCoder.newEncoder()));
        if (code == null) {
          throw new IOException(name + " holds bytes for which the model has no tokens");
        }
        codes.add(code.bytes());
        compressed += code.bytes().length;
      }
      long nanos = System.nanoTime() - start;
      tokens = encoding.steps();
      encode[round] = tokens * 1e9 / nanos;
      encodeCoder[round] = (nanos - encoding.nanos()) / 1e3 / tokens;
      single[round] = raw(blocks, 1);
      TimedModel decoding = new TimedModel(model);
      TextDecoder decoder = new TextDecoder(decoding, WINDOW);
      start = System.nanoTime();
      for (int i = 0; i < codes.size(); i++) {
        byte[] code = codes.get(i);
        decoder.decode(
            List.of(
                new TextDecoder.Coded(
                    tokenCoder.newDecoder(code), code.length, blocks.get(i).length)));
      }
      nanos = System.nanoTime() - start;
      decode[round] = tokens * 1e9 / nanos;
      decodeCoder[round] = (nanos - decoding.nanos()) / 1e3 / tokens;
    }
    double e = median(encode);
    double b = median(batch);
    double d = median(decode);
    double s = median(single);
    out.printf(
        Locale.ROOT,
        "| %s | %d | %d | %.3f | %d | %.0f | %.0f | %.0f %% | %.0f | %.0f | %.0f %% | %.1f | %.1f |%n",
        name,
        plain.length,
        compressed,
        8.0 * compressed / plain.length,
        tokens,
        e,
        b,
        100 * e / b,
        d,
        s,
        100 * d / s,
        median(encodeCoder),
        median(decodeCoder));
  }

  /**
   * Tokens per second of the model alone, over the tokens of the blocks, sliding as the codec does.
   */
  private double raw(List<byte[]> blocks, int steps) throws IOException {
    Vocabulary vocabulary = model.vocabulary();
    long tokens = 0;
    long nanos = 0;
    try (Lanes lanes = model.openLanes(1, WINDOW, steps)) {
      SlidingWindow window = new SlidingWindow(lanes);
      for (byte[] block : blocks) {
        int[] text = vocabulary.tokenize(block, 0, block.length);
        if (text == null) {
          continue;
        }
        window.clear();
        long start = System.nanoTime();
        for (int done = 0; done < text.length; ) {
          done += window.advance(text, done, text.length - done);
        }
        nanos += System.nanoTime() - start;
        tokens += text.length;
      }
    }
    return tokens * 1e9 / nanos;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
