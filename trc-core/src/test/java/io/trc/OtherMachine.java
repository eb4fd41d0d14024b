package io.trc;

import io.trc.predict.kernels.KernelsPath;
import io.trc.predict.llama.LlamaLibrary;
import io.trc.predict.portable.GoldenKernels;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Opens golden archives with whatever engine is chosen automatically, and writes them again with it
 * and in Java, on a machine where llama.cpp is missing or computes other logits. Needs no test
 * framework: {@code src/test/arm64/run} starts it in an emulator. Arguments: the names of archives,
 * or none for all.
 */
final class OtherMachine {
  private OtherMachine() {}

  /** Fails with an exception at the first difference. */
  public static void main(String[] args) throws IOException {
    System.out.printf(
        "%s %s, Java %s%n",
        System.getProperty("os.name"), System.getProperty("os.arch"), Runtime.version());
    engines();
    if (KernelsPath.best() != null) {
      long start = System.nanoTime();
      System.out.printf("golden logits: %s (%.0f s)%n", GoldenKernels.check(), seconds(start));
    }
    Map<String, GoldenArchives.Golden> goldens = GoldenArchives.all();
    for (String name : args.length == 0 ? goldens.keySet() : List.of(args)) {
      GoldenArchives.Golden golden = goldens.get(name);
      if (golden == null) {
        throw new IllegalArgumentException("no golden archive is called '" + name + "'");
      }
      check(name, golden);
    }
  }

  /** Automatic choice must take the kernels, or the Java engine, whatever llama.cpp does here. */
  private static void engines() throws TrcException {
    TrcModel model = TrcModel.embedded();
    long start = System.nanoTime();
    TrcModel.Evaluation automatic = model.evaluation(TrcEngine.AUTO);
    System.out.printf(
        "auto: %s, %s, since %s (%.0f s)%n",
        automatic.engine(), automatic.numerics(), automatic.why(), seconds(start));
    start = System.nanoTime();
    TrcModel.Evaluation java = model.evaluation(TrcEngine.PORTABLE);
    System.out.printf(
        "portable: %s, %s (%.0f s)%n", java.engine(), java.numerics(), seconds(start));
    KernelsPath path = KernelsPath.best();
    String wanted = path == null ? java.engine() : "kernels, " + path.label();
    if (!automatic.engine().equals(wanted) || !automatic.numerics().equals(java.numerics())) {
      throw new IllegalStateException("auto should have chosen " + wanted);
    }
    if (LlamaLibrary.isAvailable()) {
      TrcModel.Evaluation natively = model.evaluation(TrcEngine.NATIVE);
      System.out.printf("native: %s, %s%n", natively.engine(), natively.numerics());
    }
  }

  private static void check(String name, GoldenArchives.Golden golden) throws IOException {
    byte[] archive = GoldenArchives.read(name);
    byte[] plain = golden.plain();
    long start = System.nanoTime();
    TrcOptions automatic = TrcOptions.builder().engine(TrcEngine.AUTO).build();
    if (!Arrays.equals(Trc.decompress(archive, automatic), plain)) {
      throw new IllegalStateException(name + ": the archive gives other bytes here");
    }
    double read = seconds(start);
    start = System.nanoTime();
    for (TrcEngine engine : List.of(TrcEngine.AUTO, TrcEngine.PORTABLE)) {
      if (!Arrays.equals(golden.write(engine), archive)) {
        throw new IllegalStateException(name + ": " + engine + " writes another archive here");
      }
    }
    System.out.printf(
        "%s: %d bytes read (%.0f s) and twice written to %d bytes (%.0f s)%n",
        name, plain.length, read, archive.length, seconds(start));
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
