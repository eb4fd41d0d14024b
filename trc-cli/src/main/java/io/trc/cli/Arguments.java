package io.trc.cli;

import io.trc.TrcEngine;
import io.trc.TrcOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** What the command line asks for. Of options that contradict each other, the last one counts. */
@Command(
    name = "trc",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = 88,
    customSynopsis = {
      "trc [OPTION...] [FILE...]",
      "       trc model list|info [FILE]",
      "       trc dict train|info|eval ..."
    },
    description = {
      "Compresses text with a language model: FILE becomes FILE.trc. Without FILE, or where FILE"
          + " is -, reads standard input and writes standard output.",
      ""
    },
    footer = {
      "",
      "SIZE and LIMIT are bytes, or have a suffix: KiB, MiB, GiB.",
      "A file named model or dict is ./model or ./dict, or comes after --.",
      "Status: 0 all went well, 1 some file failed or was skipped, 2 called wrongly."
    })
final class Arguments {
  /** What is done with each file. */
  enum Mode {
    COMPRESS,
    DECOMPRESS,
    TEST,
    LIST
  }

  private Mode mode = Mode.COMPRESS;
  private int level = TrcOptions.LEVEL_DEFAULT;
  private boolean remove;

  @Parameters(arity = "0..*", paramLabel = "FILE", description = "files, or folders with -r")
  private List<String> files = new ArrayList<>();

  @Option(
      names = {"-c", "--stdout"},
      description = "write to standard output")
  private boolean stdout;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "write to FILE; one input only")
  private @Nullable String output;

  @Option(
      names = {"-f", "--force"},
      description = "overwrite files, take links and devices, use a terminal for data")
  private boolean force;

  @Option(
      names = {"-r", "--recursive"},
      description = "take all files in folders")
  private boolean recursive;

  @Option(names = "--json", description = "with -l: for programs")
  private boolean json;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description = "a GGUF file in place of the embedded model")
  private @Nullable Path model;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      description = "what evaluates the model: auto, kernels, native or portable")
  private @Nullable TrcEngine engine;

  @Option(
      names = "--coder",
      paramLabel = "CODER",
      description = "huffman, range, mixed or bytes, whatever the level")
  private TrcOptions.@Nullable Coder coder;

  @Option(
      names = "--block-size",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      description = "plain bytes in a block: a power of two, 4KiB to 4MiB")
  private @Nullable Long blockSize;

  @Option(
      names = "--independent",
      description = "blocks that start from nothing: larger files, quicker jumps into them")
  private boolean independent;

  @Option(
      names = {"-T", "--threads"},
      paramLabel = "N",
      description = "number of threads; 0, the default, for all processors")
  private int threads;

  @Option(
      names = {"-M", "--memory"},
      paramLabel = "LIMIT",
      converter = ByteSize.class,
      description = "memory to take at most")
  private @Nullable Long memory;

  @Option(names = "--verify", description = "decode every block before it is written")
  private boolean verify;

  @Option(
      names = {"-q", "--quiet"},
      description = "no warnings; twice: no errors either")
  private boolean[] quiet = {};

  @Option(
      names = {"-v", "--verbose"},
      description = "a line for each file; twice: where failures come from")
  private boolean[] verbose = {};

  @Option(
      names = {"-z", "--compress"},
      order = -9,
      description = "compress (the default)")
  void compress(boolean on) {
    mode(Mode.COMPRESS, on);
  }

  @Option(
      names = {"-d", "--decompress", "--uncompress"},
      order = -8,
      description = "decompress: FILE.trc becomes FILE")
  void decompress(boolean on) {
    mode(Mode.DECOMPRESS, on);
  }

  @Option(
      names = {"-t", "--test"},
      order = -7,
      description = "decompress, but write nothing")
  void test(boolean on) {
    mode(Mode.TEST, on);
  }

  @Option(
      names = {"-l", "--list"},
      order = -6,
      description = "list sizes, coders and models of .trc files")
  void list(boolean on) {
    mode(Mode.LIST, on);
  }

  @Option(
      names = {"-k", "--keep"},
      order = -5,
      description = "keep the input (the default)")
  void keep(boolean on) {
    remove &= !on;
  }

  @Option(
      names = "--rm",
      order = -4,
      description = "remove the input once what was written is proven to be good")
  void remove(boolean on) {
    remove |= on;
  }

  private void mode(Mode mode, boolean on) {
    if (on) {
      this.mode = mode;
    }
  }

  /** A parser that fills these arguments. */
  CommandLine commandLine() {
    CommandLine line =
        new CommandLine(this)
            .setExpandAtFiles(false) // a file may be named @notes
            .setOverwrittenOptionsAllowed(true)
            .setCaseInsensitiveEnumValuesAllowed(true);
    for (int level = TrcOptions.LEVEL_MIN; level <= TrcOptions.LEVEL_MAX; level++) {
      line.getCommandSpec().addOption(level(level));
    }
    return line;
  }

  private OptionSpec level(int level) {
    boolean first = level == TrcOptions.LEVEL_MIN;
    return OptionSpec.builder("-" + level)
        .type(boolean.class)
        .arity("0")
        .order(-1)
        .hidden(!first)
        .description("up to -9: the level, from quick to small; -6 if none is named")
        .setter(new LevelSetter(level))
        .build();
  }

  private final class LevelSetter implements ISetter {
    private final int value;

    LevelSetter(int value) {
      this.value = value;
    }

    @Override
    public <T> @Nullable T set(@Nullable T on) {
      if (Boolean.TRUE.equals(on)) {
        level = value;
      }
      return null;
    }
  }

  /** Reads the command line. */
  void parse(CommandLine line, List<String> words) {
    for (String word : beforeDashes(words)) {
      // To picocli, -10 is the option -1 and then -0, of which it complains.
      refuse(line, word.matches("-\\d*0\\d*"), "Unknown option: '" + word + "'");
    }
    line.parseArgs(words.toArray(String[]::new));
  }

  /** The words before that after which all are names of files. */
  private static List<String> beforeDashes(List<String> words) {
    int dashes = words.indexOf("--");
    return dashes < 0 ? words : words.subList(0, dashes);
  }

  /** Refuses what makes no sense, alone or together. */
  void check(CommandLine line, List<String> words) {
    int anyName = words.size() - beforeDashes(words).size() - 1;
    for (String file : files.subList(0, Math.max(0, files.size() - Math.max(0, anyName)))) {
      // To picocli, -0.5 is a negative number.
      refuse(line, file.startsWith("-") && file.length() > 1, "Unknown option: '" + file + "'");
    }
    refuse(line, output != null && output.isEmpty(), "-o needs the name of a file");
    refuse(line, output != null && !Names.isWhole(output), output + ": " + Names.REFUSAL);
    String gguf = model == null ? "-" : model.toString();
    refuse(line, gguf.isEmpty(), "-m needs the name of a file");
    refuse(line, !Names.isWhole(gguf), gguf + ": " + Names.REFUSAL);
    boolean reads = mode == Mode.TEST || mode == Mode.LIST;
    refuse(line, stdout && output != null, "-c and -o exclude each other");
    refuse(line, output != null && reads, "-o is for compressing and decompressing");
    refuse(line, output != null && recursive, "-o and -r exclude each other");
    refuse(line, output != null && files.size() > 1, "-o takes one input only");
    refuse(line, remove && stdout(), "--rm needs an output file, so it excludes -c and -o -");
    refuse(line, remove && reads, "--rm is for compressing and decompressing");
    refuse(line, remove && fromStdin(), "--rm needs an input file");
    refuse(line, json && mode != Mode.LIST, "--json goes with -l");
    refuse(line, mode == Mode.LIST && fromStdin(), "-l needs the name of a file");
  }

  private boolean fromStdin() {
    return files.isEmpty() || files.contains("-");
  }

  private static void refuse(CommandLine line, boolean wrong, String why) {
    if (wrong) {
      throw new ParameterException(line, why);
    }
  }

  /** The codec's options, still without a model. */
  TrcOptions.Builder options(CommandLine line) {
    try {
      TrcOptions.Builder options =
          TrcOptions.builder()
              .level(level)
              .threads(threads)
              .verify(verify)
              .independentBlocks(independent);
      options.engine(engine == null ? TrcOptions.DEFAULT.engine() : engine);
      if (coder != null) {
        options.coder(coder);
      }
      if (blockSize != null) {
        options.blockSize((int) Math.min(Integer.MAX_VALUE, blockSize));
      }
      if (memory != null) {
        options.memoryLimit(memory);
      }
      return options;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, String.valueOf(e.getMessage()), e);
    }
  }

  Mode mode() {
    return mode;
  }

  /** The operands; none stands for standard input. */
  List<String> files() {
    return files.isEmpty() ? List.of("-") : files;
  }

  /** True if the output is not a file whose name comes from the input's. */
  boolean named() {
    return stdout || output != null || mode == Mode.TEST || mode == Mode.LIST;
  }

  boolean stdout() {
    return stdout || "-".equals(output);
  }

  @Nullable String output() {
    return "-".equals(output) ? null : output;
  }

  boolean remove() {
    return remove;
  }

  boolean force() {
    return force;
  }

  boolean recursive() {
    return recursive;
  }

  boolean json() {
    return json;
  }

  @Nullable Path model() {
    return model;
  }

  /** True if the number of threads is for the command to choose. */
  boolean anyThreads() {
    return threads == 0;
  }

  int quiet() {
    return quiet.length;
  }

  int verbose() {
    return verbose.length;
  }
}
