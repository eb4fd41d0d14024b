package io.trc.cli;

import io.trc.TrcEngine;
import io.trc.TrcModel;
import io.trc.TrcOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** What models there are. */
@Command(
    name = "trc model",
    mixinStandardHelpOptions = true,
    description = {"Shows models.", ""},
    synopsisSubcommandLabel = "list|info [FILE]",
    customSynopsis = "trc model list|info [FILE]",
    subcommands = {ModelCommand.ListModels.class, ModelCommand.ModelInfo.class},
    footer = {
      "",
      "A model that an archive needs is looked for in the option -m, among the embedded ones,",
      "in the files and folders of TRC_MODEL_PATH, and in the user's model folder."
    })
final class ModelCommand {
  private final Shell shell;

  private ModelCommand(Shell shell) {
    this.shell = shell;
  }

  /** The models that an archive finds without being told. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "the models that are found without being named")
  static final class ListModels {}

  /** One model. */
  @Command(
      name = "info",
      mixinStandardHelpOptions = true,
      description = "all about the embedded model, or that in FILE")
  static final class ModelInfo {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "a GGUF file")
    private @Nullable Path file;

    @Option(
        names = "--engine",
        paramLabel = "ENGINE",
        description = "what evaluates the model: auto, kernels, native or portable")
    private @Nullable TrcEngine engine;

    /** The engine that was asked for here, or by the system property. */
    TrcEngine engine(CommandLine line) {
      try {
        return engine == null ? TrcOptions.DEFAULT.engine() : engine;
      } catch (IllegalArgumentException e) {
        throw new ParameterException(line, String.valueOf(e.getMessage()), e);
      }
    }
  }

  static int run(String[] args, Shell shell) throws IOException {
    ModelCommand command = new ModelCommand(shell);
    CommandLine line =
        new CommandLine(command).setExpandAtFiles(false).setCaseInsensitiveEnumValuesAllowed(true);
    return Subcommands.run(line, args, shell, command::run);
  }

  private int run(Object user, CommandLine line) throws IOException {
    if (user instanceof ListModels) {
      return list();
    }
    if (user instanceof ModelInfo info) {
      return info(info.file, info.engine(line));
    }
    throw new ParameterException(line, "model needs list or info; a file of that name is ./model");
  }

  private int list() throws IOException {
    Table table = new Table("size", "sha256", "name", "where");
    for (TrcModel.Installed model : TrcModel.installed()) {
      Path file = model.file();
      String sha256 = model.sha256();
      table.row(
          ByteSize.format(model.size()),
          sha256 == null ? "(unreadable)" : sha256,
          Cause.line(model.name()),
          file == null ? "embedded" : Cause.line(file.toString()));
    }
    return shell.print(table.text(1));
  }

  private int info(@Nullable Path file, TrcEngine engine) throws IOException {
    if (file == null) {
      return info(TrcModel.embedded(), engine);
    }
    checkFile(file);
    try (TrcModel model = TrcModel.load(file)) {
      return info(model, engine);
    } catch (ReaderGone | Failure e) {
      throw e;
    } catch (IOException e) {
      throw new Failure(file.toString(), e);
    }
  }

  /** Refuses, as a model, what is there and cannot be one: a folder, a pipe. */
  static void checkFile(Path gguf) throws IOException {
    if (gguf.toString().isEmpty()) {
      throw new Failure("''", "a file's name is empty");
    }
    if (Files.exists(gguf) && (!Files.isRegularFile(gguf) || Route.of(gguf).descriptor() >= 0)) {
      throw new Failure(gguf.toString(), "is not a regular file");
    }
  }

  private int info(TrcModel model, TrcEngine engine) throws IOException {
    try {
      TrcModel.Description description = model.describe();
      TrcOptions options = TrcOptions.builder().model(model).engine(engine).build();
      TrcModel.Evaluation evaluation = model.evaluation(engine);
      StringBuilder text = new StringBuilder();
      Subcommands.fact(text, "name", model.name());
      Subcommands.fact(text, "title", description.title());
      Subcommands.fact(text, "sha256", model.sha256());
      Subcommands.fact(text, "file size", model.size() + " bytes");
      Subcommands.fact(text, "architecture", description.architecture());
      Subcommands.fact(
          text,
          "parameters",
          String.format(
              Locale.ROOT,
              "%d (%d layers, embedding %d)",
              description.parameters(),
              description.layers(),
              description.embedding()));
      Subcommands.fact(text, "vocabulary", model.vocabularySize() + " tokens");
      Subcommands.fact(text, "window", description.window() + " tokens");
      Subcommands.fact(text, "engine", evaluation.engine() + ": " + evaluation.why());
      Subcommands.fact(
          text,
          "numerics",
          evaluation.numerics()
              + (evaluation.portable()
                  ? ", the same on every machine"
                  : ", this machine's and its like"));
      Subcommands.fact(
          text,
          "memory",
          ByteSize.format(options.memoryUsage())
              + " at most, with one thread at the default level");
      return shell.print(text.toString());
    } catch (ReaderGone | Failure e) {
      throw e;
    } catch (IOException e) {
      throw new Failure(model.name(), e);
    }
  }
}
