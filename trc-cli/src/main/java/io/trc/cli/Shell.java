package io.trc.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds the command: its three streams, which of them are terminals, the files that it has
 * begun to write.
 *
 * @param outFile a name for the regular file that standard output was sent to, or null
 */
record Shell(
    InputStream in,
    OutputStream out,
    PrintStream err,
    boolean inTerminal,
    boolean outTerminal,
    boolean errTerminal,
    @Nullable Path outFile,
    Unfinished unfinished) {

  static final String STDIN = "(stdin)";
  static final String STDOUT = "(stdout)";

  /**
   * The process's own. System.out would swallow failures, so it is not used.
   *
   * <p>The launcher starts Java with descriptors 0 and 1 exchanged. So what Java, its options and
   * agents print by themselves to descriptor 1 meets standard input, and never lies in the data.
   */
  static Shell ofProcess() {
    boolean exchanged = Boolean.getBoolean("trc.exchanged");
    FileDescriptor in = exchanged ? FileDescriptor.out : FileDescriptor.in;
    FileDescriptor out = exchanged ? FileDescriptor.in : FileDescriptor.out;
    Path outFile = Path.of(exchanged ? "/dev/fd/0" : "/dev/fd/1");
    return new Shell(
        new FileInputStream(in),
        ReaderGone.telling(new FileOutputStream(out)),
        System.err,
        terminal("stdin"),
        terminal("stdout"),
        terminal("stderr"),
        Files.isRegularFile(outFile) ? outFile : null,
        new Unfinished());
  }

  /** What the launcher found out with {@code test -t}, or else what Java knows. */
  private static boolean terminal(String stream) {
    String told = System.getProperty("trc." + stream + ".tty");
    return told != null ? Boolean.parseBoolean(told) : hasTerminal();
  }

  /**
   * True if standard input and output are a terminal. From JDK 22 on there may be a console without
   * one, and a method, not known to JDK 17, that tells.
   */
  @SuppressWarnings("SystemConsoleNull") // it is asked only where null has a meaning
  private static boolean hasTerminal() {
    Console console = System.console();
    if (console == null || Runtime.version().feature() < 22) {
      return console != null;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("java.io.Console.isTerminal", e);
    }
  }

  /** Writes text to standard output; returns the status of the command. */
  int print(String text) throws IOException {
    return print(text, Charset.forName(System.getProperty("native.encoding", "UTF-8")));
  }

  /** Writes text to standard output in a charset; returns the status of the command. */
  int print(String text, Charset charset) throws IOException {
    try {
      out.write(text.getBytes(charset));
      out.flush();
    } catch (ReaderGone e) {
      throw e;
    } catch (IOException e) {
      throw new Failure(STDOUT, e);
    }
    return Main.OK;
  }
}
