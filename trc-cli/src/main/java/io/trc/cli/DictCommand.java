package io.trc.cli;

import io.trc.TrcDictionary;
import io.trc.TrcText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Dictionaries for short strings. */
@Command(
    name = "trc dict",
    mixinStandardHelpOptions = true,
    description = {"Makes and tries dictionaries for short strings.", ""},
    customSynopsis = {
      "trc dict train FILE... -o my.trcdict [--field NAME] [--size SIZE]",
      "       trc dict info my.trcdict",
      "       trc dict eval my.trcdict FILE... [--field NAME] [--with-model]"
    },
    subcommands = {DictCommand.Train.class, DictCommand.Info.class, DictCommand.Eval.class},
    footer = {
      "",
      "A FILE has one message a line in UTF-8, or with --field a JSON object a line.",
      "A file named dict is ./dict, or comes after --."
    })
final class DictCommand {
  private final Shell shell;

  private DictCommand(Shell shell) {
    this.shell = shell;
  }

  /** Where in a line the message is. */
  private static final class FieldOption {
    @Option(
        names = "--field",
        paramLabel = "NAME",
        description = "lines are JSON objects, messages their field of that name")
    private @Nullable String name;
  }

  /** Makes a dictionary. */
  @Command(
      name = "train",
      mixinStandardHelpOptions = true,
      description = "learns from the messages in files")
  static final class Train {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "messages, one a line")
    private List<Path> files = new ArrayList<>();

    @Option(
        names = {"-o", "--output"},
        required = true,
        paramLabel = "DICT",
        description = "the dictionary to write")
    private Path output = Path.of("");

    @Option(
        names = {"-f", "--force"},
        description = "overwrite it")
    private boolean force;

    @Mixin private FieldOption field = new FieldOption();

    @Option(
        names = "--size",
        paramLabel = "SIZE",
        converter = ByteSize.class,
        description = "bytes at most, 4KiB to 1MiB; 256KiB if nothing is said")
    private long size = TrcDictionary.SIZE_DEFAULT;

    @Option(names = "--no-model", description = "train without a language model, as is always done")
    void noModel(boolean on) {
      // Scripts may say so. The same dictionary serves with a model, too.
    }
  }

  /** Tells what is in a dictionary. */
  @Command(
      name = "info",
      mixinStandardHelpOptions = true,
      description = "fingerprint, samples and memory of a dictionary")
  static final class Info {
    @Parameters(arity = "1", paramLabel = "DICT", description = "a dictionary")
    private Path file = Path.of("");
  }

  /** Tries a dictionary. */
  @Command(
      name = "eval",
      mixinStandardHelpOptions = true,
      description = "codes each message alone, decodes and compares it, and sums up")
  static final class Eval {
    @Parameters(index = "0", arity = "1", paramLabel = "DICT", description = "a dictionary")
    private Path dictionary = Path.of("");

    @Parameters(
        index = "1..*",
        arity = "1..*",
        paramLabel = "FILE",
        description = "messages, one a line")
    private List<Path> files = new ArrayList<>();

    @Mixin private FieldOption field = new FieldOption();

    @Option(
        names = "--with-model",
        description = "by the dictionary and the embedded model together")
    private boolean withModel;
  }

  static int run(String[] args, Shell shell) throws IOException {
    DictCommand command = new DictCommand(shell);
    CommandLine line = new CommandLine(command).setExpandAtFiles(false);
    return Subcommands.run(line, args, shell, command::run);
  }

  private int run(Object user, CommandLine line) throws IOException {
    if (user instanceof Train train) {
      return train(train, line);
    }
    if (user instanceof Info info) {
      return info(load(info.file), info.file);
    }
    if (user instanceof Eval eval) {
      return eval(eval);
    }
    throw new ParameterException(
        line, "dict needs train, info or eval; a file of that name is ./dict");
  }

  private int train(Train train, CommandLine line) throws IOException {
    if (train.size < TrcDictionary.SIZE_MIN || train.size > TrcDictionary.SIZE_MAX) {
      throw new ParameterException(line, "--size must be 4KiB to 1MiB");
    }
    if (!train.force && Files.exists(train.output)) {
      throw new Failure(
          train.output.toString(), new FileAlreadyExistsException(train.output.toString()));
    }
    List<String> samples = messages(train.files, train.field.name);
    TrcDictionary dictionary;
    try {
      dictionary = TrcDictionary.train(samples, (int) train.size);
    } catch (IllegalArgumentException e) {
      throw new Failure(train.files.get(0).toString(), String.valueOf(e.getMessage()));
    }
    try {
      dictionary.save(train.output);
    } catch (IOException e) {
      throw new Failure(train.output.toString(), e);
    }
    return info(dictionary, train.output);
  }

  private int info(TrcDictionary dictionary, Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    Subcommands.fact(text, "name", String.valueOf(file.getFileName()));
    Subcommands.fact(text, "fingerprint", dictionary.fingerprint());
    Subcommands.fact(text, "sha256", dictionary.sha256());
    Subcommands.fact(text, "file size", dictionary.size() + " bytes");
    Subcommands.fact(
        text, "samples", dictionary.samples() + " of " + dictionary.sampleBytes() + " bytes");
    Subcommands.fact(
        text,
        "memory",
        ByteSize.format(dictionary.memoryUsage()) + " at most, with one thread that codes");
    return shell.print(text.toString());
  }

  private int eval(Eval eval) throws IOException {
    TrcText.Builder agreement = TrcText.builder().dictionary(load(eval.dictionary));
    TrcText coder = (eval.withModel ? agreement.withModel() : agreement).build();
    List<String> messages = messages(eval.files, eval.field.name);
    long plain = 0;
    long coded = 0;
    int number = 0;
    for (String message : messages) {
      number++;
      byte[] code;
      try {
        code = coder.encode(message);
      } catch (IllegalArgumentException e) {
        throw new Failure("message " + number, String.valueOf(e.getMessage()));
      }
      if (!coder.decode(code).equals(message)) {
        throw new Failure("message " + number, "does not come back as it was");
      }
      plain += message.getBytes(StandardCharsets.UTF_8).length;
      coded += code.length;
    }
    return shell.print(
        String.format(
            Locale.ROOT,
            "saved %.1f %% (%d -> %d bytes, %d messages)%n",
            plain == 0 ? 0.0 : 100.0 * (plain - coded) / plain,
            plain,
            coded,
            messages.size()));
  }

  private static TrcDictionary load(Path file) throws IOException {
    try {
      return TrcDictionary.load(file);
    } catch (IOException e) {
      throw new Failure(file.toString(), e);
    }
  }

  /** The messages in files: their lines but for empty ones, or a field of each line. */
  private static List<String> messages(List<Path> files, @Nullable String field)
      throws IOException {
    List<String> messages = new ArrayList<>();
    for (Path file : files) {
      try {
        int number = 0;
        for (String line : lines(Files.readAllBytes(file))) {
          number++;
          String message = field == null ? line : field(line, field, file, number);
          if (message != null && !message.isEmpty()) {
            messages.add(message);
          }
        }
      } catch (CharacterCodingException e) {
        throw new Failure(file.toString(), "is no text in UTF-8");
      } catch (Failure e) {
        throw e;
      } catch (IOException e) {
        throw new Failure(file.toString(), e);
      }
    }
    return messages;
  }

  private static @Nullable String field(String line, String field, Path file, int number)
      throws Failure {
    if (line.isBlank()) {
      return null;
    }
    try {
      return JsonField.of(line, field);
    } catch (ParseException e) {
      throw new Failure(file.toString(), "line " + number + " " + e.getMessage());
    }
  }

  /** The lines of a text, without their ends: a line feed, or a carriage return before it. */
  private static List<String> lines(byte[] bytes) throws CharacterCodingException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int feed = text.indexOf('\n', from);
      int to = feed < 0 ? text.length() : feed;
      int end = feed > from && text.charAt(feed - 1) == '\r' ? feed - 1 : to;
      lines.add(text.substring(from, end));
      from = to + 1;
    }
    return lines;
  }
}
