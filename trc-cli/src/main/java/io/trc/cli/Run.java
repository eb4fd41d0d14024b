package io.trc.cli;

import io.trc.Trc;
import io.trc.TrcEngine;
import io.trc.TrcException;
import io.trc.TrcInfo;
import io.trc.TrcModel;
import io.trc.TrcOptions;
import io.trc.cli.Arguments.Mode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One run of the command over its files. A file that fails does not keep the others from theirs.
 */
final class Run {
  private final Arguments arguments;
  private final TrcOptions.Builder builder;
  private final Shell shell;
  private final Messages messages;

  Run(Arguments arguments, TrcOptions.Builder builder, Shell shell, Messages messages) {
    this.arguments = arguments;
    this.builder = builder;
    this.shell = shell;
    this.messages = messages;
  }

  /** Runs and returns the command's status. */
  int run() throws IOException {
    if (arguments.mode() == Mode.LIST) {
      list();
    } else {
      Path gguf = arguments.model();
      if (gguf == null) {
        code(builder);
      } else {
        try (TrcModel model = load(gguf, builder.build().engine())) {
          code(builder.model(model));
        }
      }
    }
    return messages.failed() ? Main.FAILED : Main.OK;
  }

  private static TrcModel load(Path gguf, TrcEngine engine) throws IOException {
    try {
      ModelCommand.checkFile(gguf);
      return TrcModel.load(gguf, engine);
    } catch (Failure e) {
      throw e;
    } catch (IOException e) {
      throw new Failure(gguf.toString(), e);
    }
  }

  private void list() throws IOException {
    Listing listing = new Listing();
    each(
        input -> {
          Path path = input.path();
          if (path != null) {
            listing.add(path, TrcInfo.read(path));
          }
        });
    if (arguments.json()) {
      shell.print(listing.json(), java.nio.charset.StandardCharsets.UTF_8);
    } else {
      shell.print(listing.table());
    }
  }

  private void code(TrcOptions.Builder builder) throws IOException {
    TrcOptions options;
    try {
      options = fitting(builder.build());
    } catch (TrcException e) {
      throw new Failure("memory", e);
    }
    if (arguments.verbose() > 0 && arguments.mode() == Mode.COMPRESS) {
      tellEngine(options);
    }
    each(input -> code(input, new Transcoding(options, shell, messages)));
  }

  /** Where the number of threads is ours to choose, as many as the memory limit allows. */
  private TrcOptions fitting(TrcOptions wanted) throws TrcException {
    TrcOptions options = wanted;
    while (arguments.anyThreads()
        && options.memoryLimit() != Long.MAX_VALUE
        && options.threads() > 1
        && options.memoryUsage() > options.memoryLimit()) {
      options = options.toBuilder().threads(options.threads() - 1).build();
    }
    return options;
  }

  private void tellEngine(TrcOptions options) throws Failure {
    if (options.coder() == TrcOptions.Coder.BYTES) {
      messages.note("no model: text is coded by what it has shown so far");
      return;
    }
    try {
      TrcModel.Evaluation evaluation = options.model().evaluation(options.engine());
      messages.note(
          options.model().name()
              + " by "
              + evaluation.engine()
              + " ("
              + evaluation.why()
              + "), numerics "
              + evaluation.numerics());
    } catch (TrcException e) {
      throw new Failure("engine", e);
    }
  }

  private interface Task {
    void run(Input input) throws IOException;
  }

  private void each(Task task) throws ReaderGone {
    Inputs inputs = new Inputs(arguments, messages);
    for (String operand : arguments.files()) {
      for (Input input : inputs.of(operand)) {
        try {
          task.run(input);
        } catch (ReaderGone e) {
          throw e;
        } catch (Failure e) {
          messages.error(e.subject(), e);
        } catch (IOException | RuntimeException | OutOfMemoryError | LinkageError e) {
          messages.error(input.name(), e);
        }
      }
    }
  }

  private void code(Input input, Transcoding transcoding) throws IOException {
    Removal removal = removal(input);
    checkTerminals(input);
    if (arguments.mode() == Mode.TEST) {
      try (Output nowhere = Output.unclosed(input.name(), OutputStream.nullOutputStream())) {
        transcoding.decompress(input, nowhere.sink(), plainLength(input));
        messages.result(input.name() + " : good (" + nowhere.sink().count() + " bytes)");
      }
      return;
    }
    String line;
    try (Output output = open(input)) {
      if (arguments.mode() == Mode.COMPRESS) {
        line = compress(input, output, transcoding);
      } else {
        line = decompress(input, output, transcoding);
      }
      if (output instanceof FileOutput file) {
        dress(file, input.regularFile());
      }
      output.commit();
      if (removal != null && output instanceof FileOutput file) {
        file.settle();
        removal.perform();
      }
    }
    messages.result(line);
  }

  /** What --rm will do to the input; it is refused before anything is read. */
  private @Nullable Removal removal(Input input) throws IOException {
    Path source = input.path();
    if (!arguments.remove()) {
      return null;
    }
    if (source == null) {
      throw new Failure(input.name(), "is not a regular file, so --rm does not take it");
    }
    return Removal.of(source, arguments.force());
  }

  /** What was compressed is good without its attributes, which some file systems refuse. */
  private void dress(FileOutput file, @Nullable Path source) {
    try {
      file.dressAs(source);
    } catch (IOException e) {
      messages.note(file.name() + ": permissions and times were not kept: " + Cause.of(e));
    }
  }

  private String compress(Input input, Output output, Transcoding transcoding) throws IOException {
    long plain = transcoding.compress(input, output.sink());
    Path source = input.path();
    if (arguments.remove() && source != null && output instanceof FileOutput file) {
      file.force();
      transcoding.prove(file.written(), source, plain);
    }
    long coded = output.sink().count();
    return String.format(
        Locale.ROOT,
        "%s : %s (%d => %d bytes, %s)",
        input.name(),
        percent(coded, plain),
        plain,
        coded,
        output.name());
  }

  private String decompress(Input input, Output output, Transcoding transcoding)
      throws IOException {
    long checksum = transcoding.decompress(input, output.sink(), plainLength(input));
    long plain = output.sink().count();
    if (arguments.remove() && output instanceof FileOutput file) {
      file.force();
      transcoding.prove(file.written(), plain, checksum);
    }
    return input.name() + " : " + plain + " bytes, " + output.name();
  }

  static String percent(long coded, long plain) {
    return plain == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * coded / plain);
  }

  private void checkTerminals(Input input) throws IOException {
    boolean compresses = arguments.mode() == Mode.COMPRESS;
    if (arguments.force()) {
      return;
    }
    if (!compresses && input.path() == null && shell.inTerminal()) {
      throw new Failure(
          Shell.STDIN, "compressed data is not read from a terminal (use -f, or see -h)");
    }
    if (compresses && toStdout(input) && shell.outTerminal()) {
      throw new Failure(
          Shell.STDOUT, "compressed data is not written to a terminal (use -f, or see -h)");
    }
  }

  private boolean toStdout(Input input) throws IOException {
    String output = arguments.output();
    return arguments.stdout()
        || (output == null ? input.path() == null : Route.of(Path.of(output)).descriptor() == 1);
  }

  /**
   * The plain length that the end of a file tells, for progress; -1 where there is none to show.
   */
  private long plainLength(Input input) {
    Path path = input.path();
    if (path == null || input.length() < 0 || !messages.showsProgress()) {
      return -1;
    }
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      return TrcInfo.plainLength(channel);
    } catch (IOException e) {
      return -1; // decoding will say what is wrong, and where
    }
  }

  private Output open(Input input) throws IOException {
    Path source = input.path();
    if (toStdout(input)) {
      return stdout(source);
    }
    Path target = target(source);
    Route route = Route.of(target);
    if (route.descriptor() == 0) {
      throw new Failure(target.toString(), "is standard input");
    }
    boolean special = !Files.isRegularFile(target) && !Files.isDirectory(target);
    if (route.opened() != null || (special && Files.exists(target))) {
      return special(target, route.opened());
    }
    if (source != null && Files.exists(target) && Files.isSameFile(source, target)) {
      throw new Failure(target.toString(), "is both input and output");
    }
    return FileOutput.begin(target, arguments.force(), shell.unfinished());
  }

  /** Standard output, unless it would be read while it grows, as in {@code trc -rc . >all}. */
  private Output stdout(@Nullable Path source) throws IOException {
    if (arguments.remove()) {
      throw new Failure(Shell.STDOUT, "is not a regular file, so --rm keeps the input");
    }
    Path file = shell.outFile();
    if (source != null && file != null && Files.isSameFile(source, file)) {
      throw new Failure(source.toString(), "is both input and output");
    }
    return Output.unclosed(Shell.STDOUT, shell.out());
  }

  private Output special(Path target, @Nullable Path opened) throws IOException {
    if (arguments.remove()) {
      throw new Failure(target.toString(), "is not a regular file, so --rm keeps the input");
    }
    try {
      return opened == null ? Output.special(target) : Output.opened(target, opened);
    } catch (IOException e) {
      throw new Failure(target.toString(), e);
    }
  }

  private Path target(@Nullable Path source) {
    String output = arguments.output();
    if (output != null) {
      return Path.of(output);
    }
    if (source == null) {
      throw new IllegalStateException("standard input without an output");
    }
    String name = source.toString();
    return arguments.mode() == Mode.COMPRESS
        ? Path.of(name + Trc.SUFFIX)
        : Path.of(name.substring(0, name.length() - Trc.SUFFIX.length()));
  }
}
