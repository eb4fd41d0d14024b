package io.trc.cli;

import java.util.Locale;

/** Writes JSON (RFC 8259) on one line. */
final class Json {
  private final StringBuilder text = new StringBuilder();
  private boolean comma;

  Json open(char bracket) {
    separate();
    text.append(bracket);
    comma = false;
    return this;
  }

  Json close(char bracket) {
    text.append(bracket);
    comma = true;
    return this;
  }

  Json key(String key) {
    string(key);
    text.append(':');
    comma = false;
    return this;
  }

  Json string(String value) {
    separate();
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20 || Character.isSurrogate(c) || c == 0x7f) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
    return this;
  }

  Json number(long value) {
    separate();
    text.append(value);
    return this;
  }

  Json number(double value) {
    separate();
    text.append(String.format(Locale.ROOT, "%.6f", value));
    return this;
  }

  private void separate() {
    if (comma) {
      text.append(',');
    }
    comma = true;
  }

  String text() {
    return text + "\n";
  }
}
