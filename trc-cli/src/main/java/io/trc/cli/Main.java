package io.trc.cli;

import io.trc.TrcOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The trc command. It ends with status 0 if all went well, 1 if some file failed or was skipped, 2
 * if it was called wrongly; and as if SIGPIPE had ended it, if nobody reads standard output any
 * more.
 */
public final class Main {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /** What a shell says of a program that was ended by SIGPIPE. */
  static final int READER_GONE = 128 + 13;

  private Main() {}

  /** Runs the command on the process's own streams and exits. */
  public static void main(String[] args) {
    Shell shell = Shell.ofProcess();
    System.setOut(System.err); // whatever a library prints is no data
    Runtime.getRuntime().addShutdownHook(new Thread(shell.unfinished()::end, "trc-cleanup"));
    System.exit(run(args, shell));
  }

  /** Runs the command and returns its status. */
  static int run(String[] args, Shell shell) {
    Messages messages = new Messages(shell);
    LogLines logs = LogLines.into(messages);
    try {
      return switch (args.length > 0 ? args[0] : "") {
        case "model" -> ModelCommand.run(Arrays.copyOfRange(args, 1, args.length), shell);
        case "dict" -> DictCommand.run(Arrays.copyOfRange(args, 1, args.length), shell);
        default -> files(args, shell, messages);
      };
    } catch (ParameterException e) {
      messages.error(Cause.line(e.getMessage()) + " (try 'trc --help')");
      return USAGE;
    } catch (ReaderGone e) {
      return READER_GONE;
    } catch (Failure e) {
      messages.error(e.subject(), e);
      return FAILED;
    } catch (IOException | RuntimeException | OutOfMemoryError | LinkageError e) {
      messages.error("failed", e);
      return FAILED;
    } finally {
      logs.end();
      shell.err().flush();
    }
  }

  private static int files(String[] args, Shell shell, Messages messages) throws IOException {
    Arguments arguments = new Arguments();
    CommandLine line = arguments.commandLine();
    arguments.parse(line, List.of(args));
    if (line.isUsageHelpRequested()) {
      return shell.print(line.getUsageMessage(CommandLine.Help.Ansi.OFF));
    }
    if (line.isVersionHelpRequested()) {
      return shell.print(version());
    }
    messages.level(arguments.quiet(), arguments.verbose());
    arguments.check(line, List.of(args));
    TrcOptions.Builder options = arguments.options(line);
    return new Run(arguments, options, shell, messages).run();
  }

  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return String.format(
        "trc %s%nJava %s, %s %s%n",
        version == null ? "(not packaged)" : version,
        System.getProperty("java.version"),
        System.getProperty("os.name"),
        System.getProperty("os.arch"));
  }
}
