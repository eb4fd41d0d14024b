package io.trc.bench;

import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufVocabulary;
import io.trc.model.EmbeddedModel;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.SlidingWindow;
import io.trc.predict.portable.PortableModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Prints the embedded model's tokens per second in llama.cpp and in Java, in one run: one and eight
 * lanes, one and two threads with lanes of their own, and batches of 512. Native and Java rounds
 * take turns; the figures are medians.
 *
 * <p>Arguments: TEXT [TOKENS a lane] [ROUNDS].
 */
public final class EngineBenchmark {
  private static final int WINDOW = 512;

  private final int[] text;
  private final int tokens;
  private final int rounds;

  private EngineBenchmark(int[] text, int tokens, int rounds) {
    this.text = text;
    this.tokens = tokens;
    this.rounds = rounds;
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws Exception {
    if (args.length == 0) {
      System.err.println("usage: EngineBenchmark TEXT [TOKENS] [ROUNDS]");
      System.exit(2);
    }
    byte[] bytes = Files.readAllBytes(Path.of(args[0]));
    int tokens = args.length > 1 ? Integer.parseInt(args[1]) : 1500;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    try (LanguageModel nativeModel = CorpusBenchmark.embedded();
        LanguageModel javaModel = embeddedInJava()) {
      int[] text = nativeModel.vocabulary().tokenize(bytes, 0, Math.min(bytes.length, 1 << 16));
      if (text == null || text.length < tokens) {
        throw new IOException(args[0] + " has fewer than " + tokens + " tokens");
      }
      EngineBenchmark benchmark = new EngineBenchmark(text, tokens, rounds);
      System.out.printf(
          "Java %s; %d tokens a lane, window %d, median of %d%n",
          Runtime.version(), tokens, WINDOW, rounds);
      System.out.println("| lanes | threads | steps at once | native tok/s | Java tok/s | ratio |");
      System.out.println("| ---: | ---: | ---: | ---: | ---: | ---: |");
      for (int[] shape : new int[][] {{1, 1, 1}, {8, 1, 1}, {1, 2, 1}, {8, 2, 1}, {1, 1, 512}}) {
        benchmark.compare(nativeModel, javaModel, shape[0], shape[1], shape[2]);
      }
    }
  }

  private static LanguageModel embeddedInJava() throws IOException {
    try (InputStream gguf = EmbeddedModel.small().open()) {
      GgufFile file =
          GgufFile.of(ByteBuffer.wrap(gguf.readAllBytes()), EmbeddedModel.small().fileName());
      return PortableModel.load(file, GgufVocabulary.of(file));
    }
  }

  private void compare(
      LanguageModel nativeModel, LanguageModel javaModel, int lanes, int threads, int steps)
      throws Exception {
    double[] byNative = new double[rounds];
    double[] byJava = new double[rounds];
    double[] ratios = new double[rounds];
    rate(javaModel, lanes, threads, steps); // compiles
    for (int round = 0; round < rounds; round++) {
      byNative[round] = rate(nativeModel, lanes, threads, steps);
      byJava[round] = rate(javaModel, lanes, threads, steps);
      ratios[round] = byJava[round] / byNative[round];
    }
    System.out.printf(
        Locale.ROOT,
        "| %d | %d | %d | %.0f | %.0f | %.2f |%n",
        lanes,
        threads,
        steps,
        CorpusBenchmark.median(byNative),
        CorpusBenchmark.median(byJava),
        CorpusBenchmark.median(ratios));
  }

  private double rate(LanguageModel model, int lanes, int threads, int steps) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      long start = System.nanoTime();
      for (int thread = 0; thread < threads; thread++) {
        running.add(
            pool.submit(
                () -> {
                  run(model, lanes, steps);
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
      return (double) tokens * lanes * threads * 1e9 / (System.nanoTime() - start);
    } catch (ExecutionException e) {
      throw new IOException("a thread failed", e);
    } finally {
      pool.shutdown();
    }
  }

  private void run(LanguageModel model, int lanes, int steps) throws IOException {
    int[] columns = new int[tokens * lanes];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = text[(i / lanes + 37 * (i % lanes)) % text.length];
    }
    try (Lanes opened = model.openLanes(lanes, WINDOW, steps)) {
      SlidingWindow window = new SlidingWindow(opened);
      for (int done = 0; done < tokens; ) {
        done += window.advance(columns, done * lanes, tokens - done);
      }
    }
  }
}
