package io.trc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Calls the command within this JVM. */
final class Command {
  private byte[] in = {};
  private boolean inTerminal;
  private boolean outTerminal;
  private boolean errTerminal;

  /** What came of a call. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Outcome(int status, byte[] out, String err) {
    String text() {
      return new String(out, StandardCharsets.UTF_8);
    }

    List<String> lines() {
      return err.lines().toList();
    }

    Outcome succeeds() {
      assertThat(status).as(err).isZero();
      return this;
    }

    /** Fails with a single line that holds all of the words. */
    Outcome failsWith(int wanted, String... words) {
      assertThat(status).as(err).isEqualTo(wanted);
      assertThat(lines()).hasSize(1);
      assertThat(err).startsWith("trc: ").contains(words);
      return this;
    }
  }

  static Outcome trc(Object... args) {
    return new Command().call(args);
  }

  static Command given(byte[] in) {
    Command command = new Command();
    command.in = in;
    return command;
  }

  Command atTerminals(boolean in, boolean out, boolean err) {
    inTerminal = in;
    outTerminal = out;
    errTerminal = err;
    return this;
  }

  Outcome call(Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] words = Arrays.stream(args).map(String::valueOf).toArray(String[]::new);
    int status;
    try (PrintStream lines = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      status =
          Main.run(
              words,
              new Shell(
                  new ByteArrayInputStream(in),
                  out,
                  lines,
                  inTerminal,
                  outTerminal,
                  errTerminal,
                  null,
                  new Unfinished()));
    }
    String text = err.toString(StandardCharsets.UTF_8);
    if (!List.of(words).contains("-vv")) {
      assertThat(text).doesNotContain("\tat ", "Exception in thread", "internal error");
    }
    return new Outcome(status, out.toByteArray(), text);
  }
}
