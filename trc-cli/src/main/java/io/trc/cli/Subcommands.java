package io.trc.cli;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** What commands that have subcommands do alike. */
final class Subcommands {
  private Subcommands() {}

  /** Runs what was chosen. */
  interface Action {
    /** Runs a subcommand, or, where none was chosen, is given the command itself. */
    int run(Object chosen, CommandLine line) throws IOException;
  }

  /** Answers {@code --help} and {@code --version}, or hands on which subcommand was chosen. */
  static int run(CommandLine line, String[] args, Shell shell, Action action) throws IOException {
    ParseResult parsed = line.parseArgs(args);
    ParseResult sub = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
    CommandLine chosen = sub.commandSpec().commandLine();
    if (chosen.isUsageHelpRequested() || line.isUsageHelpRequested()) {
      return shell.print(chosen.getUsageMessage(CommandLine.Help.Ansi.OFF));
    }
    if (chosen.isVersionHelpRequested() || line.isVersionHelpRequested()) {
      return shell.print(Main.version());
    }
    return action.run(sub.commandSpec().userObject(), chosen);
  }

  /** Adds a line that tells a fact. */
  static void fact(StringBuilder text, String what, String value) {
    text.append(String.format("%-14s%s%n", what, Cause.line(value)));
  }
}
