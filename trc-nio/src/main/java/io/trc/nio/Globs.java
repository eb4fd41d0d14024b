package io.trc.nio;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Turns globs into regular expressions as {@link java.nio.file.FileSystem#getPathMatcher} has it,
 * with '/' between names.
 */
final class Globs {
  private static final String SPECIAL = ".^$+{[]|()";
  private static final String GLOB_SPECIAL = "\\*?[{";

  private final String glob;
  private final StringBuilder regex = new StringBuilder("^");
  private int next;

  private Globs(String glob) {
    this.glob = glob;
  }

  /**
   * The regular expression of a glob.
   *
   * @throws PatternSyntaxException if it is none
   */
  static Pattern pattern(String glob) {
    Globs globs = new Globs(glob);
    globs.translate();
    return Pattern.compile(globs.regex.append('$').toString());
  }

  private char peek() {
    return next < glob.length() ? glob.charAt(next) : 0;
  }

  private PatternSyntaxException error(String problem) {
    return new PatternSyntaxException(problem, glob, next - 1);
  }

  private void translate() {
    boolean inGroup = false;
    while (next < glob.length()) {
      char c = glob.charAt(next++);
      switch (c) {
        case '\\' -> {
          if (next == glob.length()) {
            throw error("No character to escape");
          }
          literal(glob.charAt(next++));
        }
        case '/' -> regex.append('/');
        case '[' -> bracket();
        case '{' -> {
          if (inGroup) {
            throw error("Cannot nest groups");
          }
          regex.append("(?:(?:");
          inGroup = true;
        }
        case '}' -> {
          regex.append(inGroup ? "))" : "}");
          inGroup = false;
        }
        case ',' -> regex.append(inGroup ? ")|(?:" : ",");
        case '*' -> {
          if (peek() == '*') {
            next++;
            regex.append(".*");
          } else {
            regex.append("[^/]*");
          }
        }
        case '?' -> regex.append("[^/]");
        default -> literal(c);
      }
    }
    if (inGroup) {
      throw error("Missing '}'");
    }
  }

  private void literal(char c) {
    if (SPECIAL.indexOf(c) >= 0 || GLOB_SPECIAL.indexOf(c) >= 0) {
      regex.append('\\');
    }
    regex.append(c);
  }

  /** One character of several, never a '/'. */
  private void bracket() {
    regex.append("[[^/]&&[");
    if (peek() == '^') {
      regex.append("\\^");
      next++;
    } else {
      if (peek() == '!') {
        regex.append('^');
        next++;
      }
      if (peek() == '-') {
        regex.append('-');
        next++;
      }
    }
    boolean hasRangeStart = false;
    char last = 0;
    char c = 0;
    while (next < glob.length()) {
      c = glob.charAt(next++);
      if (c == ']') {
        break;
      }
      if (c == '/') {
        throw error("Explicit 'name separator' in class");
      }
      if (c == '\\' || c == '[' || (c == '&' && peek() == '&')) {
        regex.append('\\');
      }
      regex.append(c);
      if (c == '-') {
        if (!hasRangeStart) {
          throw error("Invalid range");
        }
        c = peek();
        next++;
        if (c == 0 || c == ']') {
          break;
        }
        if (c < last) {
          throw error("Invalid range");
        }
        regex.append(c);
        hasRangeStart = false;
      } else {
        hasRangeStart = true;
        last = c;
      }
    }
    if (c != ']') {
      throw error("Missing ']'");
    }
    regex.append("]]");
  }
}
