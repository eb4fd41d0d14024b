package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Globs mean what they mean in the default file system. */
class GlobTest {
  private static final List<String> PATTERNS =
      List.of(
          "a\\*b",
          "{\\*,b}",
          "*",
          "**",
          "*.txt",
          "**.txt",
          "**/*.{txt,md}",
          "a?b",
          "[a-c]*",
          "[!a-c]*",
          "[^a]*",
          "[-a]b",
          "[!-a]b",
          "[\\]x",
          "[*?]",
          "[a&&b]x",
          "a\\\\b",
          "\\{a,b\\}",
          "{a,b",
          "{a,{b}}",
          "[a",
          "[b-a]",
          "a\\",
          "[a/b]",
          "a,b}",
          "{,a}b",
          "(a|b)+.^$",
          "a**b",
          "a/*/b",
          "[a-]",
          "a\n?");

  private static final List<String> NAMES =
      List.of(
          "a*b",
          "ab",
          "b",
          "*",
          "a",
          "a.txt",
          "a/b.txt",
          "a/b.md",
          "/a/b.txt",
          "axb",
          "-b",
          "^x",
          "\\x",
          "a\\b",
          "{a,b}",
          "a,b}",
          "(a|b)+.^$",
          "a/x/b",
          "&x",
          "a-",
          "-",
          "?",
          "a\nb",
          "c/d",
          "zb",
          "");

  @TempDir Path folder;

  private static String outcome(FileSystem fs, String pattern, String name) {
    try {
      return fs.getPathMatcher(pattern).matches(fs.getPath(name)) + "";
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      return e.getClass().getSimpleName();
    }
  }

  @Test
  void globsAreThoseOfTheDefaultFileSystem() throws IOException {
    FileSystem expected = FileSystems.getDefault();
    Assumptions.assumeTrue(expected.getSeparator().equals("/"), "names differ there");
    int matches = 0;
    try (FileSystem fs = Texts.overlay(folder)) {
      for (String pattern : PATTERNS) {
        for (String name : NAMES) {
          for (String syntax : List.of("glob:", "GLOB:")) {
            String outcome = outcome(expected, syntax + pattern, name);
            assertThat(outcome(fs, syntax + pattern, name))
                .as("%s %s", pattern, name)
                .isEqualTo(outcome);
            matches += outcome.equals("true") ? 1 : 0;
          }
        }
      }
      for (String odd : List.of("*.txt", ":x", "sql:x", "regex:[", "regex:a.*")) {
        assertThat(outcome(fs, odd, "a")).as(odd).isEqualTo(outcome(expected, odd, "a"));
      }
    } catch (InvalidPathException e) {
      Assumptions.abort("the locale has no such names: " + e);
    }
    assertThat(matches).isGreaterThan(100);
  }
}
