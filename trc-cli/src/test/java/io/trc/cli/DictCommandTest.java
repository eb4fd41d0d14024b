package io.trc.cli;

import static io.trc.cli.Command.trc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DictCommandTest {
  @TempDir private Path folder;
  private Path samples;
  private Path dictionary;

  @BeforeEach
  void samples() throws Exception {
    samples = folder.resolve("samples.txt");
    dictionary = folder.resolve("my.trcdict");
    Files.write(samples, lines(0, 200));
  }

  private static List<String> lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "Parcel " + i * 7919 % 1000 + " is on its way, " + i % 5 + " stops left")
        .toList();
  }

  @Test
  void aDictionaryIsTrainedDescribedAndTried() throws Exception {
    assertThat(trc("dict", "train", samples, "-o", dictionary, "--no-model").succeeds().text())
        .contains("fingerprint", "200 of ");
    assertThat(trc("dict", "info", dictionary).succeeds().text())
        .contains("my.trcdict", "fingerprint", Files.size(dictionary) + " bytes");
    Path others = folder.resolve("others.txt");
    Files.writeString(others, String.join("\r\n", lines(500, 550)) + "\n\n");
    assertThat(trc("dict", "eval", dictionary, others).succeeds().text().lines())
        .last()
        .asString()
        .matches("saved [89]\\d\\.\\d % \\(\\d+ -> \\d+ bytes, 50 messages\\)");
    assertThat(trc("dict", "eval", "--with-model", dictionary, others).succeeds().text())
        .matches("saved 9\\d\\.\\d % \\(\\d+ -> \\d+ bytes, 50 messages\\)\\R");
  }

  @Test
  void messagesMayBeFieldsOfJson() throws Exception {
    Path events = folder.resolve("events.jsonl");
    Files.write(
        events,
        IntStream.range(0, 60)
            .mapToObj(i -> "{\"n\": [" + i + ", {}], \"text\": \"caf\\u00e9 \\\"" + i + "\\\"\"}")
            .toList());
    trc("dict", "train", events, "-o", dictionary, "--field", "text", "--size", "8K").succeeds();
    assertThat(trc("dict", "eval", dictionary, events, "--field=text").succeeds().text())
        .contains("60 messages");
    trc("dict", "eval", dictionary, samples, "--field=text")
        .failsWith(1, "samples.txt", "line 1", "no JSON object");
  }

  @Test
  void whatIsThereIsNotOverwritten() throws Exception {
    Files.writeString(dictionary, "precious");
    trc("dict", "train", samples, "-o", dictionary).failsWith(1, "my.trcdict", "exists", "-f");
    assertThat(dictionary).hasContent("precious");
    trc("dict", "train", samples, "-f", "-o", dictionary).succeeds();
    trc("dict", "info", dictionary).succeeds();
  }

  @Test
  void whatCannotBeDoneIsSaid() throws Exception {
    trc("dict", "info", samples).failsWith(1, "samples.txt", "no dictionary");
    trc("dict", "eval", folder.resolve("absent"), samples).failsWith(1, "no such file");
    trc("dict", "train", samples).failsWith(2, "--output");
    trc("dict", "train", samples, "-o", dictionary, "--size", "1K").failsWith(2, "--size");
    trc("dict").failsWith(2, "./dict");
    Path empty = Files.createFile(folder.resolve("empty.txt"));
    trc("dict", "train", empty, "-o", dictionary).failsWith(1, "no samples");
    Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xE9});
    trc("dict", "train", latin, "-o", dictionary).failsWith(1, "latin.txt", "UTF-8");
    assertThat(dictionary).doesNotExist();
    assertThat(trc("dict", "--help").succeeds().text()).contains("train", "info", "eval");
  }

  @Test
  void fieldsAreReadAsJsonHasThem() throws Exception {
    assertThat(JsonField.of("{\"a\":\"x\\n\\u0041\",\"b\":-1.5e3}", "a")).isEqualTo("x\nA");
    assertThat(JsonField.of(" {\"a\" : {\"b\":\"inner\"}, \"b\" : null } ", "b")).isNull();
    assertThat(JsonField.of("{}", "a")).isNull();
    for (String wrong :
        List.of("", "[]", "{", "{\"a\"}", "{\"a\":01}", "{\"a\":\"\\x\"}", "{} x", "{\"a\":\"")) {
      assertThatThrownBy(() -> JsonField.of(wrong, "a")).isInstanceOf(ParseException.class);
    }
  }
}
