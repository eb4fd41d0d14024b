package io.trc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Inputs of every kind that a user may bring, the nasty ones first. */
public final class Samples {
  static final String PARAGRAPH =
      "A harbour is a sheltered body of water where ships may anchor, and a port is the place where"
          + " they load and unload. The two words are often confused. Many harbours are natural,"
          + " formed by a bay or the mouth of a river; others were built with long walls of stone,"
          + " called breakwaters, which keep the waves of the open sea away from the ships inside.\n";

  private Samples() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * English prose that the model was not trained on.
   *
   * @param length at most 20,000 bytes
   * @param from where in the text to begin, 0 to 5,000
   */
  static byte[] prose(int length, int from) {
    try (InputStream in = Samples.class.getResourceAsStream("lord-jim.txt")) {
      if (in == null) {
        throw new IllegalStateException("lord-jim.txt is missing from the test resources");
      }
      byte[] text = in.readAllBytes();
      Objects.checkFromIndexSize(from, length, text.length);
      return Arrays.copyOfRange(text, from, from + length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Small inputs, each of a kind of its own. */
  static Map<String, byte[]> nasty() {
    Map<String, byte[]> samples = new LinkedHashMap<>();
    samples.put("empty", new byte[0]);
    samples.put("one letter", utf8("a"));
    samples.put("one NUL", new byte[1]);
    samples.put("one high byte", new byte[] {(byte) 0xff});
    samples.put("a paragraph", utf8(PARAGRAPH));
    samples.put("NULs", new byte[3000]);
    samples.put("NULs in text", utf8(PARAGRAPH.replace(' ', '\0')));
    samples.put("the sign of a space", utf8(PARAGRAPH.replace(" ", "\u2581 ")));
    samples.put("CRLF", utf8(PARAGRAPH.replace(". ", ".\r\n")));
    samples.put("bare CR", utf8(PARAGRAPH.replace(' ', '\r')));
    samples.put("tabs and runs of spaces", utf8(PARAGRAPH.replace(" ", "\t   \t")));
    samples.put("byte order mark", utf8("\ufeff" + PARAGRAPH));
    samples.put("emoji and others", utf8("Zażółć gęślą jaźń 你好，世界 👩‍👩‍👧‍👦 שלום ".repeat(20)));
    samples.put("Latin-1", PARAGRAPH.replace('e', 'é').getBytes(StandardCharsets.ISO_8859_1));
    samples.put("UTF-16", PARAGRAPH.getBytes(StandardCharsets.UTF_16));
    samples.put("cut UTF-8", new byte[] {'a', (byte) 0xe2, (byte) 0x96});
    samples.put("control tokens as text", utf8("<s></s><unk><0x41><|endoftext|> ".repeat(12)));
    samples.put("random bytes", random(2000, 1));
    samples.put("every byte", everyByte());
    samples.put("text then bytes", concatenate(utf8(PARAGRAPH), random(500, 2)));
    samples.put("a long word", utf8("abc".repeat(2000)));
    return samples;
  }

  private static byte[] everyByte() {
    byte[] bytes = new byte[1024];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  static byte[] concatenate(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Lines of markup with numbers that count up. */
  public static byte[] table(int lines) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append("<row id=\"").append(995 + i).append("\"><name>n").append(i % 7);
      text.append("</name> ").append(7 * i).append('\t').append(i * i).append("</row>\n");
    }
    return utf8(text.toString());
  }
}
