package io.trc.cli;

import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/** Reads one field of a JSON object (RFC 8259). */
final class JsonField {
  private static final int MOST_DEPTH = 512;

  private final String json;
  private int at;

  private JsonField(String json) {
    this.json = json;
  }

  /**
   * The text of a field of an object, the last one of that name; null if there is none, or it is no
   * string.
   *
   * @throws ParseException if the text is no JSON object
   */
  static @Nullable String of(String json, String field) throws ParseException {
    JsonField reader = new JsonField(json);
    reader.space();
    String found = reader.members(field, 0);
    reader.space();
    if (reader.at != json.length()) {
      throw reader.wrong();
    }
    return found;
  }

  private ParseException wrong() {
    return new ParseException("is no JSON object at character " + (at + 1), at);
  }

  private char peek() throws ParseException {
    if (at == json.length()) {
      throw wrong();
    }
    return json.charAt(at);
  }

  private void expect(char c) throws ParseException {
    if (peek() != c) {
      throw wrong();
    }
    at++;
  }

  private void space() {
    while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
      at++;
    }
  }

  /** Reads an object; returns the field's text. */
  private @Nullable String members(String field, int depth) throws ParseException {
    String found = null;
    expect('{');
    space();
    if (peek() == '}') {
      at++;
      return null;
    }
    while (true) {
      space();
      String name = string();
      space();
      expect(':');
      space();
      String value = value(depth + 1);
      if (name.equals(field)) {
        found = value;
      }
      space();
      if (peek() == '}') {
        at++;
        return found;
      }
      expect(',');
    }
  }

  /** Reads a value; returns it if it is a string. */
  private @Nullable String value(int depth) throws ParseException {
    if (depth > MOST_DEPTH) {
      throw wrong();
    }
    return switch (peek()) {
      case '"' -> string();
      case '{' -> {
        members("", depth);
        yield null;
      }
      case '[' -> {
        elements(depth);
        yield null;
      }
      default -> {
        word();
        yield null;
      }
    };
  }

  /** Reads a number, true, false or null. */
  private void word() throws ParseException {
    int from = at;
    while (at < json.length() && isOfWord(json.charAt(at))) {
      at++;
    }
    String word = json.substring(from, at);
    if (!word.matches("true|false|null|-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
      at = from;
      throw wrong();
    }
  }

  private static boolean isOfWord(char c) {
    return Character.isLetterOrDigit(c) || "+-.".indexOf(c) >= 0;
  }

  private void elements(int depth) throws ParseException {
    expect('[');
    space();
    if (peek() == ']') {
      at++;
      return;
    }
    while (true) {
      space();
      value(depth + 1);
      space();
      if (peek() == ']') {
        at++;
        return;
      }
      expect(',');
    }
  }

  private String string() throws ParseException {
    expect('"');
    StringBuilder text = new StringBuilder();
    while (peek() != '"') {
      char c = json.charAt(at++);
      if (c < ' ') {
        at--;
        throw wrong();
      }
      text.append(c == '\\' ? escaped() : c);
    }
    at++;
    return text.toString();
  }

  private char escaped() throws ParseException {
    char c = peek();
    at++;
    int known = "\"\\/bfnrt".indexOf(c);
    if (known >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(known);
    }
    if (c != 'u' || at + 4 > json.length() || !json.substring(at, at + 4).matches("[0-9a-fA-F]+")) {
      at--;
      throw wrong();
    }
    at += 4;
    return (char) Integer.parseInt(json.substring(at - 4, at), 16);
  }
}
