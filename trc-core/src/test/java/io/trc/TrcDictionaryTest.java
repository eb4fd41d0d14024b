package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrcDictionaryTest {
  private final TrcDictionary dictionary = TrcDictionary.train(reports(400, 1), 1 << 13);
  private final TrcText text = TrcText.builder().dictionary(dictionary).build();

  /** Reports from made-up stations, in two languages. */
  private static List<String> reports(int count, int seed) {
    Random random = new Random(seed);
    String[] places = {"North gate", "Harbour", "Mill", "Old bridge", "Station 4"};
    String[] words = {"all quiet", "water is rising", "lamp broken", "two visitors", "no signal"};
    String[] russian = {
      "\u0432\u0441\u0451 \u0442\u0438\u0445\u043e",
      "\u043d\u0435\u0442 \u0441\u0432\u044f\u0437\u0438"
    };
    List<String> reports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String place = places[random.nextInt(places.length)];
      String word =
          random.nextInt(4) == 0 ? russian[random.nextInt(2)] : words[random.nextInt(words.length)];
      reports.add(String.format("%s: %s, %d cm", place, word, random.nextInt(300)));
    }
    return reports;
  }

  private static int utf8(String string) {
    return string.getBytes(StandardCharsets.UTF_8).length;
  }

  @Test
  void messagesOfTheKindBecomeAFifth() throws Exception {
    int plain = 0;
    int coded = 0;
    for (String report : reports(100, 2)) {
      byte[] message = text.encode(report);
      assertThat(text.decode(message)).isEqualTo(report);
      plain += utf8(report);
      coded += message.length;
    }
    assertThat(coded).isLessThan(plain / 5);
  }

  @Test
  void theBytesOfMessagesAreThoseOfTheFormat() throws Exception {
    assertThat(dictionary.fingerprint()).isEqualTo("f29640b3adabf0eb");
    assertThat(text.fingerprint()).isEqualTo("876b723521a0b299");
    assertThat(HexFormat.of().formatHex(text.encode("Harbour: all quiet, 17 cm")))
        .isEqualTo("f4e9");
    assertThat(HexFormat.of().formatHex(text.encode("Good night, Harbour")))
        .isEqualTo("f7c38422e494c6159a07b58fb21550");
  }

  @Test
  void theSmallDictionaryIsThatOfTheFormat() throws Exception {
    TrcDictionary small = TrcDictionary.train(List.of("on my way", "on my way home"));
    assertThat(small.size()).isEqualTo(193);
    assertThat(small.fingerprint()).isEqualTo("e47ab98d79731c45");
    TrcText few = TrcText.builder().dictionary(small).build();
    assertThat(few.fingerprint()).isEqualTo("f390a71457ca04d7");
    assertThat(HexFormat.of().formatHex(few.encode("on my way"))).isEqualTo("3b");
    assertThat(HexFormat.of().formatHex(few.encode("on my way back"))).isEqualTo("a8e07b7a7b");
    assertThat(HexFormat.of().formatHex(few.encode("home"))).isEqualTo("ec79");
  }

  @Test
  void otherStringsComeBackTooAndAreNeverLongerByMoreThanAByte() throws Exception {
    Random random = new Random(3);
    List<String> strings =
        new ArrayList<>(List.of("", "\u0000", "\n", "\ud83d\ude00", "a".repeat(3000)));
    for (int i = 0; i < 40; i++) {
      StringBuilder string = new StringBuilder();
      for (int left = random.nextInt(200); left > 0; left--) {
        string.appendCodePoint(random.nextInt(i % 2 == 0 ? 128 : 0xD800));
      }
      strings.add(string.toString());
    }
    List<byte[]> messages = text.encodeAll(strings);
    assertThat(text.decodeAll(messages)).isEqualTo(strings);
    for (int i = 0; i < strings.size(); i++) {
      assertThat(messages.get(i)).hasSizeLessThanOrEqualTo(utf8(strings.get(i)) + 1);
    }
  }

  @Test
  void aMessageTeachesNothingForTheNext() throws Exception {
    byte[] first = text.encode("Mill: lamp broken, 4 cm");
    text.encode("zzzz zzzz zzzz");
    text.decode(text.encode("Mill: lamp fine"));
    assertThat(text.encode("Mill: lamp broken, 4 cm")).isEqualTo(first);
  }

  @Test
  void aLongStringComesBack() throws Exception {
    String string = String.join("; ", reports(200, 4));
    assertThat(text.encode(string)).hasSizeLessThan(utf8(string) / 3);
    assertThat(text.decode(text.encode(string))).isEqualTo(string);
  }

  @Test
  void aDamagedMessageGivesAnExceptionOrAShortString() throws Exception {
    TrcTextTest.checkDamaged(text, 300, 10);
  }

  @Test
  void messagesTravelAsCharacters() throws Exception {
    for (TrcTextForm form : TrcTextForm.values()) {
      String report = "Old bridge: water is rising, 212 cm";
      String message = text.encode(report, form);
      assertThat(message).hasSizeLessThan(report.length() / 2);
      assertThat(text.decode(message, form)).isEqualTo(report);
    }
  }

  @Test
  void aSavedDictionaryIsTheSame(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("reports.trcdict");
    dictionary.save(file);
    TrcDictionary loaded = TrcDictionary.load(file);
    assertThat(loaded.fingerprint()).isEqualTo(dictionary.fingerprint());
    assertThat(loaded.samples()).isEqualTo(dictionary.samples()).isPositive();
    TrcText other = TrcText.builder().dictionary(loaded).build();
    assertThat(other.fingerprint()).isEqualTo(text.fingerprint());
    assertThat(other.encode("Mill: no signal")).isEqualTo(text.encode("Mill: no signal"));
  }

  @Test
  void aDictionaryHasTheSizeAskedFor() {
    assertThat(dictionary.size()).isBetween(1 << 10, 1 << 13);
    TrcDictionary small = TrcDictionary.train(reports(2000, 6), TrcDictionary.SIZE_MIN);
    assertThat(small.size()).isLessThanOrEqualTo(TrcDictionary.SIZE_MIN);
    assertThat(small.samples()).isBetween(10, 1999);
    assertThat(small.memoryUsage()).isLessThan(64 << 20);
  }

  @Test
  void theModelMakesMessagesOfFewSamplesShorter() throws Exception {
    TrcDictionary few = TrcDictionary.train(reports(8, 7));
    TrcText alone = TrcText.builder().dictionary(few).build();
    TrcText mixed = TrcText.builder().dictionary(few).withModel().check(1).build();
    assertThat(mixed.fingerprint()).isNotEqualTo(alone.fingerprint());
    List<String> strings = new ArrayList<>(reports(8, 8));
    strings.addAll(
        List.of("It was the best of times, it was the worst of times", "", "\ud83d\ude00 ok"));
    List<byte[]> messages = mixed.encodeAll(strings);
    assertThat(mixed.decodeAll(messages)).isEqualTo(strings);
    String other = strings.get(8);
    assertThat(mixed.encodedLength(other)).isLessThan(alone.encodedLength(other) / 2);
    for (int i = 0; i < 4; i++) {
      assertThat(mixed.encode(strings.get(i))).isEqualTo(messages.get(i));
    }
    TrcText java =
        TrcText.builder().dictionary(few).withModel().check(1).engine(TrcEngine.PORTABLE).build();
    assertThat(java.encode(strings.get(0))).isEqualTo(messages.get(0));
    assertThat(HexFormat.of().formatHex(messages.get(0))).isEqualTo("0e7bba37e6f7a0072c95");
  }

  @Test
  void samplesThatAreNoneAreRefused() {
    assertThatThrownBy(() -> TrcDictionary.train(List.of("", "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no samples");
    assertThatThrownBy(() -> TrcDictionary.train(List.of("a", "b\ud83d")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sample 2")
        .hasMessageContaining("index 1");
    assertThatThrownBy(() -> TrcDictionary.train(List.of("a"), 100))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void load(byte[] file) throws IOException {
    TrcDictionary.load(new ByteArrayInputStream(file));
  }

  @Test
  void everyDamageOfAFileIsFound() {
    byte[] file = dictionary.toByteArray();
    for (int i = 0; i < file.length; i += i < 30 ? 1 : 97) {
      byte[] damaged = file.clone();
      damaged[i] ^= 0x20;
      assertThatThrownBy(() -> load(damaged)).as("byte %d", i).isInstanceOf(TrcException.class);
    }
    for (int length : new int[] {0, 3, 21, 22, 100, file.length - 1}) {
      assertThatThrownBy(() -> load(Arrays.copyOf(file, length))).isInstanceOf(TrcException.class);
    }
    assertThatThrownBy(() -> load("hello, dictionary".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(TrcFormatException.class)
        .hasMessageContaining("no dictionary");
  }

  @Test
  void aFileOfALaterVersionIsUnsupported() {
    byte[] file = dictionary.toByteArray();
    file[4] = 2;
    CRC32C crc = new CRC32C();
    crc.update(file, 0, 18);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(18, (int) crc.getValue());
    assertThatThrownBy(() -> load(file))
        .isInstanceOf(TrcUnsupportedException.class)
        .hasMessageContaining("version 2");
  }

  @Test
  void manyThreadsShareOne() {
    List<String> reports = reports(60, 9);
    List<String> again =
        Stream.concat(reports.stream(), reports.stream())
            .parallel()
            .map(
                report -> {
                  try {
                    return text.decode(text.encode(report));
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                })
            .toList();
    assertThat(again).containsAll(reports).hasSize(120);
  }
}
