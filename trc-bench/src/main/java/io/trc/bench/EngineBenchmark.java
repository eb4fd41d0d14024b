package io.trc.bench;

import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufVocabulary;
import io.trc.model.EmbeddedModel;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.PooledModel;
import io.trc.predict.SlidingWindow;
import io.trc.predict.kernels.KernelsModel;
import io.trc.predict.kernels.KernelsPath;
import io.trc.predict.llama.LlamaLibrary;
import io.trc.predict.portable.PortableModel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
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
 * Prints an embedded model's tokens per second in each engine that this machine has, in one run:
 * llama.cpp, the kernels by each path, and Java; in batches of 512 and in 1 to 16 lanes, with one
 * and two threads. The engines take turns; the figures are medians, the ratios those of paired
 * rounds to the first engine.
 *
 * <p>A thread's time is its CPU time, so that other load on the machine counts little.
 *
 * <p>Arguments: TEXT [small|base] [TOKENS a lane] [ROUNDS].
 */
public final class EngineBenchmark {
  private static final int WINDOW = 512;
  private static final int BATCH = 512;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final int[] text;
  private final int tokens;
  private final int rounds;

  private record Engine(String name, LanguageModel model) {}

  private EngineBenchmark(int[] text, int tokens, int rounds) {
    this.text = text;
    this.tokens = tokens;
    this.rounds = rounds;
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws Exception {
    if (args.length == 0) {
      System.err.println("usage: EngineBenchmark TEXT [small|base] [TOKENS] [ROUNDS]");
      System.exit(2);
    }
    byte[] bytes = Files.readAllBytes(Path.of(args[0]));
    String kind = args.length > 1 ? args[1] : "small";
    int tokens = args.length > 2 ? Integer.parseInt(args[2]) : 1500;
    int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 5;
    EmbeddedModel embedded =
        EmbeddedModel.all().stream()
            .filter(model -> model.kind().name().equalsIgnoreCase(kind))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no model is " + kind));
    List<Engine> engines = load(embedded);
    try {
      int[] text =
          engines.get(0).model().vocabulary().tokenize(bytes, 0, Math.min(bytes.length, 1 << 16));
      if (text == null || text.length < tokens) {
        throw new IOException(args[0] + " has fewer than " + tokens + " tokens");
      }
      System.out.printf(
          "%s, Java %s; %d tokens a lane, window %d, median of %d, by CPU time%n",
          embedded.fileName(), Runtime.version(), tokens, WINDOW, rounds);
      new EngineBenchmark(text, tokens, rounds).run(engines);
    } finally {
      engines.forEach(engine -> engine.model().close());
    }
  }

  private static List<Engine> load(EmbeddedModel embedded) throws IOException {
    List<Engine> engines = new ArrayList<>();
    if (LlamaLibrary.isAvailable()) {
      engines.add(new Engine("llama.cpp", CorpusBenchmark.embedded(embedded)));
    }
    GgufFile file;
    try (InputStream gguf = embedded.open()) {
      file = GgufFile.of(ByteBuffer.wrap(gguf.readAllBytes()), embedded.fileName());
    }
    for (KernelsPath path : KernelsPath.available()) {
      KernelsModel model = KernelsModel.load(file, GgufVocabulary.of(file), path);
      engines.add(new Engine(path.label(), new PooledModel(model)));
    }
    PortableModel java = PortableModel.load(file, GgufVocabulary.of(file));
    engines.add(new Engine("Java", new PooledModel(java)));
    return engines;
  }

  private void run(List<Engine> engines) throws Exception {
    String first = engines.get(0).name();
    StringBuilder heading = new StringBuilder("| threads | lanes | steps at once |");
    StringBuilder rule = new StringBuilder("| ---: | ---: | ---: |");
    for (Engine engine : engines) {
      heading.append(' ').append(engine.name()).append(" tok/s |");
      rule.append(" ---: |");
    }
    for (Engine engine : engines.subList(1, engines.size())) {
      heading.append(' ').append(engine.name()).append(" / ").append(first).append(" |");
      rule.append(" ---: |");
    }
    System.out.println(heading);
    System.out.println(rule);
    for (int threads = 1; threads <= 2; threads++) {
      compare(engines, threads, 1, BATCH);
      for (int lanes : new int[] {1, 4, 8, 16}) {
        compare(engines, threads, lanes, 1);
      }
    }
  }

  private void compare(List<Engine> engines, int threads, int lanes, int steps) throws Exception {
    double[][] rates = new double[engines.size()][rounds];
    double[][] ratios = new double[engines.size()][rounds];
    rate(engines.get(engines.size() - 1).model(), threads, lanes, steps); // compiles
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < rates.length; i++) {
        rates[i][round] = rate(engines.get(i).model(), threads, lanes, steps);
        ratios[i][round] = rates[i][round] / rates[0][round];
      }
    }
    StringBuilder row = new StringBuilder();
    row.append(String.format(Locale.ROOT, "| %d | %d | %d |", threads, lanes, steps));
    for (double[] rate : rates) {
      row.append(String.format(Locale.ROOT, " %.0f |", CorpusBenchmark.median(rate)));
    }
    for (int i = 1; i < ratios.length; i++) {
      row.append(String.format(Locale.ROOT, " %.2f |", CorpusBenchmark.median(ratios[i])));
    }
    System.out.println(row);
  }

  /** Tokens per second of all threads, each with lanes of its own. */
  private double rate(LanguageModel model, int threads, int lanes, int steps) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Double>> running = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        running.add(pool.submit(() -> rate(model, lanes, steps)));
      }
      double sum = 0;
      for (Future<Double> each : running) {
        sum += each.get();
      }
      return sum;
    } catch (ExecutionException e) {
      throw new IOException("a thread failed", e);
    } finally {
      pool.shutdown();
    }
  }

  private double rate(LanguageModel model, int lanes, int steps) throws IOException {
    int[] columns = new int[tokens * lanes];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = text[(i / lanes + 37 * (i % lanes)) % text.length];
    }
    float[] logits = new float[model.vocabulary().size()];
    try (Lanes opened = model.openLanes(lanes, WINDOW, steps)) {
      SlidingWindow window = new SlidingWindow(opened);
      long start = THREADS.getCurrentThreadCpuTime();
      for (int done = 0; done < tokens; ) {
        int taken = window.advance(columns, done * lanes, tokens - done);
        for (int column = 0; column < taken * lanes; column++) {
          opened.logits(column, logits);
        }
        done += taken;
      }
      return columns.length * 1e9 / (THREADS.getCurrentThreadCpuTime() - start);
    }
  }
}
