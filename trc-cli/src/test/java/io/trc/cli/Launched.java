package io.trc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Calls the command by its launcher, from lines of shell in which it is called trc. */
final class Launched {
  private static final int PATIENCE_SECONDS = 120;

  private final Path root;

  private Launched(Path root) {
    this.root = root;
  }

  /** Plants the launcher and a stand-in for the jar in a folder. */
  static Launched in(Path folder) throws IOException {
    Path root = Files.createDirectories(folder.resolve("a tree"));
    Path script = Files.copy(Path.of("..", "trc"), root.resolve("trc"));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path lib = Files.createDirectories(root.resolve("trc-cli/target/lib"));
    StandInJar.write(lib.resolveSibling("trc-cli.jar"));
    return new Launched(root);
  }

  /** What came of a line. */
  record Outcome(int status, String out, String err) {
    Outcome hasStatus(int wanted) {
      assertThat(status).as(err).isEqualTo(wanted);
      return this;
    }

    Outcome printed(String text) {
      assertThat(out).as(err).isEqualTo(text);
      return this;
    }

    Outcome saidNothing() {
      assertThat(err).isEmpty();
      return this;
    }

    /** Has said so in a single line. */
    Outcome complained(String... words) {
      assertThat(err.lines()).singleElement().asString().startsWith("trc: ").contains(words);
      return this;
    }
  }

  /** Runs a line in a folder. */
  Outcome sh(Path folder, String line) throws IOException, InterruptedException {
    Path out = Files.createTempFile(root, "out", "");
    Path err = Files.createTempFile(root, "err", "");
    Path in = Files.createTempFile(root, "in", "");
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", line);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    Path home = Path.of(System.getProperty("java.home"));
    environment.put("JAVA_HOME", home.toString());
    environment.put("TRC_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"); // quick to start
    environment.put("ROOT", root.toString());
    environment.put("CLASSES", System.getProperty("java.class.path"));
    environment.merge("PATH", root + ":" + home.resolve("bin"), (path, ours) -> ours + ":" + path);
    Process process =
        builder
            .directory(folder.toFile())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(ended).as(line + " hangs: " + Files.readString(err)).isTrue();
    return new Outcome(process.exitValue(), text(out), text(err));
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
