package io.trc.bench;

import io.trc.Trc;
import io.trc.TrcOptions;
import io.trc.mix.ByteMixer;
import io.trc.mix.MixSize;
import io.trc.models.Model;
import io.trc.predict.LanguageModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tukaani.xz.FinishableWrapperOutputStream;
import org.tukaani.xz.LZMA2Options;

/**
 * Prints, for each file, a row of the sizes that parts of the codec make of it and of its archives
 * at some levels, each of which is decompressed and compared with the file.
 *
 * <p>Arguments: LEVELS FILE..., the levels in one word with spaces between them. The script {@code
 * ratio} calls it, which adds other programs to the rows.
 */
public final class RatioBenchmark {
  // Those of level 6; but a mixer alone is that of level 3, with larger tables.
  private static final int WINDOW = 512;
  private static final MixSize MIXING = new MixSize(19, 14);
  private static final MixSize MIXING_ALONE = new MixSize(19, 16);

  private final LanguageModel model;
  private final Collection<Integer> levels;
  private final PrintStream out;

  private RatioBenchmark(LanguageModel model, Collection<Integer> levels, PrintStream out) {
    this.model = model;
    this.levels = levels;
    this.out = out;
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      System.err.println("usage: RatioBenchmark LEVELS FILE...");
      System.exit(2);
    }
    List<Integer> levels = Stream.of(args[0].trim().split("\\s+")).map(Integer::valueOf).toList();
    Model small = Model.embedded().get(0);
    LanguageModel model = small.choose(TrcOptions.DEFAULT.engine()).model();
    RatioBenchmark benchmark = new RatioBenchmark(model, levels, System.out);
    benchmark.tellModels(small.name());
    benchmark.head();
    for (String file : Arrays.asList(args).subList(1, args.length)) {
      benchmark.row(Path.of(file));
    }
  }

  private static TrcOptions options(int level) {
    return TrcOptions.builder().level(level).threads(0).build();
  }

  private void tellModels(String name) {
    Map<String, List<String>> levelsOf = new TreeMap<>();
    for (int level : withDefault()) {
      levelsOf.computeIfAbsent(modelOf(level), any -> new ArrayList<>()).add("-" + level);
    }
    String archives =
        levelsOf.entrySet().stream()
            .map(each -> String.join(" ", each.getValue()) + ": " + each.getKey())
            .collect(Collectors.joining("; "));
    out.printf("Parts: %s, window %d, %s. Archives: %s.%n", name, WINDOW, model.engine(), archives);
    out.printf("Sizes are bytes (bits per byte).%n%n");
  }

  private static String modelOf(int level) {
    TrcOptions options = options(level);
    return options.coder() == TrcOptions.Coder.BYTES ? "no model" : options.model().name();
  }

  private void head() {
    List<String> cells =
        new ArrayList<>(
            List.of(
                "file",
                "bytes",
                "ideal",
                "range",
                "Huffman",
                "mixed",
                "mixer alone",
                "LZMA2",
                "smallest",
                "trc",
                "above smallest"));
    levels.forEach(level -> cells.add("trc -" + level));
    print(cells);
    out.println("| --- |" + " ---: |".repeat(cells.size() - 1));
  }

  private void row(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    byte[] plain = Files.readAllBytes(file);
    progress(name, "parts");
    ModelCodes codes = ModelCodes.of(plain, model, WINDOW, MIXING);
    OptionalInt mixerAlone = mixerAlone(plain);
    OptionalInt lzma2 = OptionalInt.of(lzma2(plain));
    int smallest =
        Stream.of(codes.mixed(), mixerAlone, lzma2)
            .flatMapToInt(OptionalInt::stream)
            .min()
            .getAsInt();
    Map<Integer, Integer> archives = archives(name, plain);
    int archive = archives.get(TrcOptions.LEVEL_DEFAULT);

    List<String> cells = new ArrayList<>(List.of(name, String.valueOf(plain.length)));
    for (OptionalInt part :
        List.of(codes.ideal(), codes.range(), codes.huffman(), codes.mixed(), mixerAlone, lzma2)) {
      cells.add(part.isPresent() ? size(part.getAsInt(), plain) : "-");
    }
    cells.add(size(smallest, plain));
    cells.add(size(archive, plain));
    cells.add(String.format(Locale.ROOT, "%.2f %%", 100.0 * (archive - smallest) / smallest));
    levels.forEach(level -> cells.add(size(archives.get(level), plain)));
    print(cells);
  }

  private static OptionalInt mixerAlone(byte[] plain) throws IOException {
    byte[] code = new ByteMixer(MIXING_ALONE).encode(plain, plain.length, Integer.MAX_VALUE);
    return code == null ? OptionalInt.empty() : OptionalInt.of(code.length);
  }

  /** The bytes of a raw LZMA2 stream, by what xz calls {@code -9e}. */
  private static int lzma2(byte[] plain) throws IOException {
    LZMA2Options options = new LZMA2Options(LZMA2Options.PRESET_MAX);
    options.setNiceLen(LZMA2Options.NICE_LEN_MAX);
    options.setDepthLimit(512);
    // More would stay empty, and take memory.
    int dictionary = Math.min(options.getDictSize(), plain.length);
    options.setDictSize(Math.max(LZMA2Options.DICT_SIZE_MIN, dictionary));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream stream = options.getOutputStream(new FinishableWrapperOutputStream(bytes))) {
      stream.write(plain);
    }
    return bytes.size();
  }

  /** The sizes of the archives by their levels. */
  private Map<Integer, Integer> archives(String name, byte[] plain) throws IOException {
    Map<Integer, Integer> sizes = new TreeMap<>();
    for (int level : withDefault()) {
      progress(name, "trc -" + level);
      TrcOptions options = options(level);
      byte[] archive = Trc.compress(plain, options);
      if (!Arrays.equals(plain, Trc.decompress(archive, options))) {
        throw new IOException(name + " does not come back from trc -" + level);
      }
      sizes.put(level, archive.length);
    }
    return sizes;
  }

  /** The levels to measure: the default one is compared with the parts in any case. */
  private Collection<Integer> withDefault() {
    Collection<Integer> all = new TreeSet<>(levels);
    all.add(TrcOptions.LEVEL_DEFAULT);
    return all;
  }

  private static String size(int bytes, byte[] plain) {
    return String.format(Locale.ROOT, "%d (%.3f)", bytes, 8.0 * bytes / plain.length);
  }

  private static void progress(String name, String what) {
    System.err.println(name + ": " + what);
  }

  private void print(List<String> cells) {
    out.println("| " + String.join(" | ", cells) + " |");
  }
}
