package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrcTextTest {
  /** Messages by the embedded model; FORMAT.md shows some of them. */
  private static final Map<String, String> GOLDEN =
      new TreeMap<>(
          Map.of(
              "", "",
              "ok", "ff6f6b",
              "Thank you!", "588d96",
              "It was the best of times, it was the worst of times", "5e91ed9268c16d479fe0",
              "\u041f\u0440\u0438\u0432\u0435\u0442, \u043a\u0430\u043a \u0434\u0435\u043b\u0430?",
                  "033edfc61fd7fc",
              "x\u0000\u001b", "ff78001b"));

  private final TrcText text = TrcText.builder().build();

  @Test
  void theBytesOfMessagesAreThoseOfTheFormat() throws Exception {
    Map<String, String> messages = new TreeMap<>();
    for (String each : GOLDEN.keySet()) {
      messages.put(each, HexFormat.of().formatHex(text.encode(each)));
    }
    assertThat(messages).isEqualTo(GOLDEN);
  }

  @ParameterizedTest
  @EnumSource
  void everyEngineThatIsHereGivesTheSameMessages(TrcEngine engine) throws Exception {
    TrcText other = TrcText.builder().engine(engine).build();
    try {
      other.fingerprint();
    } catch (TrcEngineException e) {
      assertThat(engine).isNotIn(TrcEngine.AUTO, TrcEngine.PORTABLE);
      return;
    }
    String string = "See you at the station at 7?";
    assertThat(other.fingerprint()).isEqualTo(text.fingerprint());
    assertThat(other.encode(string)).isEqualTo(text.encode(string));
    assertThat(other.decode(text.encode(string))).isEqualTo(string);
  }

  /** Strings of many kinds, from short to long. */
  private static List<String> strings(int count, int longest) {
    Random random = new Random(17);
    String prose =
        "When in doubt, tell the truth. \u201cYes\u201d, she said; 42 km/h \ud83d\ude00\n";
    List<String> strings = new ArrayList<>(List.of("", "a", "\n", "\u0000", "\ud83d\ude00"));
    while (strings.size() < count) {
      int length = random.nextInt(longest);
      int kind = random.nextInt(4);
      StringBuilder string = new StringBuilder();
      while (string.length() < length) {
        switch (kind) {
          case 0 -> string.appendCodePoint(random.nextInt(0xD800));
          case 1 -> string.appendCodePoint(0xE000 + random.nextInt(0x102000));
          case 2 -> string.append((char) random.nextInt(128));
          default -> string.append(prose, 0, Math.min(length, prose.length() - 3));
        }
      }
      strings.add(string.toString());
    }
    return strings;
  }

  private static int utf8(String string) {
    return string.getBytes(StandardCharsets.UTF_8).length;
  }

  @Test
  void allStringsComeBackAndAreNeverLongerByMoreThanAByte() throws Exception {
    List<String> strings = strings(25, 50);
    List<byte[]> messages = text.encodeAll(strings);
    assertThat(text.decodeAll(messages)).isEqualTo(strings);
    for (int i = 0; i < strings.size(); i++) {
      assertThat(messages.get(i)).hasSizeLessThanOrEqualTo(utf8(strings.get(i)) + 1);
    }
  }

  @Test
  void aStringHasTheSameMessageAloneAndAmongOthers() throws Exception {
    List<String> strings = strings(12, 40);
    List<byte[]> messages = text.encodeAll(strings);
    for (int i = 0; i < strings.size(); i++) {
      assertThat(text.encode(strings.get(i))).isEqualTo(messages.get(i));
      assertThat(text.encodedLength(strings.get(i))).isEqualTo(messages.get(i).length);
      assertThat(text.decode(messages.get(i))).isEqualTo(strings.get(i));
    }
  }

  @Test
  void aLongStringComesBack() throws Exception {
    String string = "The window slides. ".repeat(120);
    byte[] message = text.encode(string);
    assertThat(message).hasSizeLessThan(string.length() / 8);
    assertThat(text.decode(message)).isEqualTo(string);
  }

  @Test
  void halfOfASurrogatePairIsRefusedWithItsIndex() {
    assertThatThrownBy(() -> text.encode("ab\ud83d!"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("index 2");
    assertThatThrownBy(() -> text.encode("\ude00"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("index 0");
  }

  @Test
  void aTooLongStringIsRefused() throws Exception {
    TrcText few = TrcText.builder().maxLength(4).build();
    assertThat(few.decode(few.encode("abcd"))).isEqualTo("abcd");
    assertThatThrownBy(() -> few.encode("abcde")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> few.encode("\u20ac\u20ac"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> few.decode(text.encode("abcde")))
        .isInstanceOf(TrcCorruptedException.class);
  }

  @Test
  void aDamagedMessageGivesAnExceptionOrAShortString() throws Exception {
    checkDamaged(text, 25, 8);
  }

  /** Decodes random messages, of which some must be refused, and none may become a long string. */
  static void checkDamaged(TrcText text, int messages, int mostBytes) throws IOException {
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < messages; i++) {
      byte[] message = new byte[1 + random.nextInt(mostBytes)];
      random.nextBytes(message);
      try {
        assertThat(utf8(text.decode(message))).isLessThanOrEqualTo(256 * (message.length + 4));
      } catch (TrcException e) {
        assertThat(e).isInstanceOfAny(TrcCorruptedException.class, TrcUnsupportedException.class);
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void aMessageOfALaterVersionIsUnsupported() {
    assertThatThrownBy(() -> text.decode(new byte[] {(byte) 0xF8, 1}))
        .isInstanceOf(TrcUnsupportedException.class);
  }

  @Test
  void aCheckFindsDamageAndOtherAgreements() throws Exception {
    TrcText checked = TrcText.builder().check(2).build();
    assertThat(checked.fingerprint()).isNotEqualTo(text.fingerprint());
    for (String string : List.of("", "Hello there", "\u0001\u0002")) {
      byte[] message = checked.encode(string);
      assertThat(checked.decode(message)).isEqualTo(string);
      if (!string.isEmpty()) {
        assertThat(message).hasSizeLessThanOrEqualTo(text.encode(string).length + 3);
        byte[] damaged = message.clone();
        damaged[damaged.length - 1] ^= 4;
        assertThatThrownBy(() -> checked.decode(damaged)).isInstanceOf(TrcCorruptedException.class);
        assertThatThrownBy(() -> checked.decode(text.encode(string)))
            .isInstanceOf(TrcCorruptedException.class);
      }
    }
    assertThatThrownBy(() -> TrcText.builder().check(3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void messagesTravelAsCharacters(TrcTextForm form) throws Exception {
    TrcText checked = TrcText.builder().check(1).build();
    for (String string : strings(10, 30)) {
      String message = text.encode(string, form);
      assertThat(text.decode(message, form)).isEqualTo(string);
      assertThat(text.encodedLength(string, form)).isEqualTo(message.length());
      assertThat(checked.decode(checked.encode(string, form), form)).isEqualTo(string);
    }
    String plain = "ZXQ9JWK7VBQX0";
    assertThat(text.encode(plain, form)).hasSizeLessThanOrEqualTo(plain.length() + 1);
    assertThat(text.decode(text.encode(plain, form), form)).isEqualTo(plain);
  }

  @ParameterizedTest
  @EnumSource
  void charactersOfAnotherAlphabetAreRefused(TrcTextForm form) {
    assertThatThrownBy(() -> text.decode("A\u20acA", form))
        .isInstanceOf(TrcFormatException.class)
        .hasMessageContaining("index 1");
  }

  @ParameterizedTest
  @EnumSource
  @Tag("slow")
  void longStringsTravelAsCharactersToo(TrcTextForm form) throws Exception {
    String prose = new String(Samples.prose(16_000, 0), StandardCharsets.UTF_8);
    String noise =
        "\u20ac\u00e9 \u4e2d~`^".repeat(20)
            + new SplittableRandom(4)
                .ints(8_000, 1, 128)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
    for (String string : List.of(prose, noise)) {
      assertThat(text.decode(text.encode(string, form), form)).isEqualTo(string);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsTooLongForCharactersIsRefusedAtOnce(TrcTextForm form) {
    for (char first : new char[] {'0', 'A', 'Z', 'z', '_', '/', ':', '"'}) {
      String message = first + "0".repeat(1 << 20);
      assertThatThrownBy(() -> text.decode(message, form)).isInstanceOf(TrcException.class);
    }
    assertThatThrownBy(() -> text.encode("a".repeat((1 << 14) + 1), form))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16384");
  }

  @Test
  void theDigitsHoldTheBitsOfTheCodeWithoutLoss() throws Exception {
    String string = "It was the best of times, it was the worst of times";
    int bytes = text.encode(string).length;
    assertThat(text.encode(string, TrcTextForm.BASE64URL))
        .hasSizeLessThanOrEqualTo((bytes * 8 + 5) / 6)
        .matches("[A-Za-z0-9_-]+");
    assertThat(text.encode(string, TrcTextForm.BASE45)).matches("[0-9A-Z $%*+./:-]+");
  }

  @Test
  void manyThreadsShareOne() throws Exception {
    byte[] message = text.encode("Where are you?");
    List<Thread> threads = new ArrayList<>();
    List<byte[]> seen = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 6; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  seen.add(text.encode(text.decode(message)));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(seen).hasSize(6).allMatch(each -> Arrays.equals(each, message));
  }

  @Test
  @Tag("slow")
  void longStringsOfManyKindsComeBack() throws Exception {
    List<String> strings = strings(25, 800);
    assertThat(text.decodeAll(text.encodeAll(strings))).isEqualTo(strings);
    String longest =
        Stream.of(strings(40, 10_000))
            .flatMap(List::stream)
            .max(Comparator.comparingInt(String::length))
            .orElseThrow();
    assertThat(text.decode(text.encode(longest))).isEqualTo(longest);
  }
}
