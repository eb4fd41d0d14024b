package io.trc.bench;

import io.trc.Trc;
import io.trc.TrcOptions;
import io.trc.nio.TrcFileSystems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Walks a folder of small packed files through the file system of trc-nio, and a folder of as many
 * plain files through the default one, in turn. The command is in the README.
 */
public final class WalkBenchmark {
  private static final String TEXT = "It was the best of times, it was the worst of times.\n";

  private static final int WARM_UP = 15;

  /** What changed in the last seconds is looked at anew, so that the folders must grow older. */
  private static final long SECONDS_OF_REST = 4;

  private final Path plain;
  private final Path packed;
  private final int rounds;
  private int seen;
  private long sum;

  private WalkBenchmark(Path plain, Path packed, int rounds) {
    this.plain = plain;
    this.packed = packed;
    this.rounds = rounds;
  }

  /** Takes the number of files and that of paired rounds. */
  public static void main(String[] arguments) throws Exception {
    int files = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 31;
    Path folder = Files.createTempDirectory("trc-walk");
    Path plain = Files.createDirectory(folder.resolve("plain"));
    Path packed = Files.createDirectory(folder.resolve("packed"));
    byte[] text = TEXT.getBytes(StandardCharsets.UTF_8);
    byte[] stream = Trc.compress(text, TrcOptions.builder().level(1).build());
    try {
      for (int i = 0; i < files; i++) {
        Files.write(plain.resolve("text-" + i + ".txt"), text);
        Files.write(packed.resolve("text-" + i + ".txt" + Trc.SUFFIX), stream);
      }
      TimeUnit.SECONDS.sleep(SECONDS_OF_REST);
      WalkBenchmark benchmark = new WalkBenchmark(plain, packed, rounds);
      System.out.printf(
          Locale.ROOT,
          "%d files, medians of %d paired rounds, %s, Java %s%n",
          files,
          rounds,
          Files.getFileStore(folder).type(),
          Runtime.version());
      for (boolean sizes : new boolean[] {false, true}) {
        benchmark.run(sizes, false);
        benchmark.run(sizes, true);
      }
      benchmark.check(files);
    } finally {
      Files.walkFileTree(folder, new Deletion());
    }
  }

  private void run(boolean sizes, boolean first) throws IOException {
    double[] base = new double[rounds];
    double[] own = new double[rounds];
    double[] ratio = new double[rounds];
    FileSystem fs = TrcFileSystems.open(packed);
    try {
      for (int round = -WARM_UP; round < rounds; round++) {
        if (first) {
          fs.close();
          fs = TrcFileSystems.open(packed);
        }
        double before = walk(plain, sizes);
        double after = walk(fs.getPath("/"), sizes);
        if (round >= 0) {
          base[round] = before;
          own[round] = after;
          ratio[round] = after / before;
        }
      }
    } finally {
      fs.close();
    }
    System.out.printf(
        Locale.ROOT,
        "%-10s %-11s default %6.1f ms, trc %6.1f ms, ratio %.2f (%.2f to %.2f)%n",
        sizes ? "sizes" : "attributes",
        first ? "first walk" : "later walks",
        median(base),
        median(own),
        median(ratio),
        ratio[rounds / 10],
        ratio[rounds - 1 - rounds / 10]);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  /** The milliseconds of one walk. */
  private double walk(Path folder, boolean sizes) throws IOException {
    seen = 0;
    long start = System.nanoTime();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            seen++;
            sum += sizes ? attributes.size() : attributes.lastModifiedTime().toMillis();
            return FileVisitResult.CONTINUE;
          }
        });
    return (System.nanoTime() - start) / 1e6;
  }

  private void check(int files) {
    if (seen != files || sum == 0) {
      throw new IllegalStateException(seen + " of " + files + " files were seen");
    }
  }

  /** Deletes what the benchmark made. */
  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
