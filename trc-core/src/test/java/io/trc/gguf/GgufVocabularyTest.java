package io.trc.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.TrcModelException;
import io.trc.model.EmbeddedModel;
import io.trc.predict.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufVocabularyTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = GgufVocabularyTest.class.getResourceAsStream("tokens/" + name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      return in.readAllBytes();
    }
  }

  private static int[] golden(String name) throws IOException {
    String text = new String(resource(name), StandardCharsets.US_ASCII);
    return new Scanner(text).useDelimiter("\\s+").tokens().mapToInt(Integer::parseInt).toArray();
  }

  private static Vocabulary vocabulary(byte[] model) throws TrcModelException {
    return GgufVocabulary.of(GgufFile.of(ByteBuffer.wrap(model), "m.gguf"));
  }

  private static Vocabulary embedded() throws IOException {
    try (InputStream in = EmbeddedModel.small().open()) {
      return vocabulary(in.readAllBytes());
    }
  }

  private static int @Nullable [] tokens(Vocabulary vocabulary, byte[] text) {
    return vocabulary.tokenize(text, 0, text.length);
  }

  private static byte[] together(Vocabulary vocabulary, int @Nullable [] tokens) {
    assertThat(tokens).isNotNull();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int token : tokens) {
      out.writeBytes(vocabulary.bytes(token));
    }
    return out.toByteArray();
  }

  private static byte[] repeated(String text, int times) {
    return utf8(text.repeat(times));
  }

  private static Map<String, byte[]> nastyTexts() throws IOException {
    Map<String, byte[]> texts = new LinkedHashMap<>();
    texts.put("nothing", new byte[0]);
    texts.put("one NUL", new byte[1]);
    texts.put("many NULs", new byte[100_000]);
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    texts.put("all bytes", all);
    texts.put(
        "broken UTF-8", new byte[] {'a', (byte) 0xC3, 'b', (byte) 0xE2, (byte) 0x96, 'c', -1});
    texts.put("a cut character", new byte[] {'a', ' ', (byte) 0xF0, (byte) 0x9F, (byte) 0x99});
    texts.put("U+2581", utf8("a\u2581b \u2581\u2581 the\u2581the"));
    texts.put("names of tokens", utf8("<s> <unk> </s> <0x0A> <|endoftext|> [EMPTY_3]"));
    texts.put("line ends", utf8("a\r\nb\rc\n\n\nd\r\n\r\n  e\n\t\tf \n g"));
    texts.put("white space", utf8(" \t\u00a0\u2003\u3000\u0085 x \u000b\f y  "));
    texts.put("emoji", utf8("\uD83D\uDE42\uD83D\uDC69\u200D\uD83D\uDC67 \uD83C\uDDEB\uD83C\uDDF7"));
    texts.put("digits", utf8("1 22 333 4444 55555\n666666 \u0664\u0665 \u00bd7"));
    texts.put("contractions", utf8("it's I'LL we've '' 'd 'x 'r"));
    for (String run : List.of(" ", "\n", "a", "\t ", "\r\n", "the", "=", "\u00e9", " \n", "1")) {
      texts.put("a run of '" + run + "'", repeated(run, 20_001));
    }
    Random random = new Random(3);
    for (int round = 0; round < 20; round++) {
      byte[] noise = new byte[random.nextInt(5000)];
      random.nextBytes(noise);
      texts.put("noise " + round, noise);
      byte[] mix = new byte[random.nextInt(5000)];
      String letters = "the and\n\r\t 12,'s\u00e9\u2581<>";
      byte[] from = utf8(letters);
      for (int i = 0; i < mix.length; i++) {
        mix[i] = from[random.nextInt(from.length)];
      }
      texts.put("mix " + round, mix);
    }
    texts.put("English", resource("english.txt"));
    return texts;
  }

  private static void assertLossless(Vocabulary vocabulary) throws IOException {
    nastyTexts()
        .forEach(
            (what, text) ->
                assertThat(together(vocabulary, tokens(vocabulary, text)))
                    .as(what)
                    .isEqualTo(text));
  }

  @Test
  void cutsEnglishAsLlamaCppDoes() throws Exception {
    assertThat(tokens(embedded(), resource("english.txt"))).isEqualTo(golden("english.ids"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "smollm", "llama-bpe", "qwen2"})
  void cutsWordsOfByteLevelBpeAsLlamaCppDoes(String pre) throws Exception {
    byte[] text = resource("english.txt");
    Vocabulary vocabulary = vocabulary(LearntBpe.model(text, pre).bytes());
    assertThat(tokens(vocabulary, text)).isEqualTo(golden(pre + ".ids"));
    assertLossless(vocabulary);
  }

  @Test
  void losesNoByteOfAnyText() throws Exception {
    assertLossless(embedded());
    assertLossless(GgufVocabulary.of(new TinyModels(1).file()));
    assertLossless(GgufVocabulary.of(new TinyModels(1).bpe("unheard-of").file()));
  }

  @Test
  void cutsAPartOfAnArray() throws Exception {
    Vocabulary vocabulary = embedded();
    byte[] text = utf8("xx the end\u2581");
    int[] part = vocabulary.tokenize(text, 2, 8);
    assertThat(together(vocabulary, part)).isEqualTo(utf8(" the end"));
    assertThat(part).isEqualTo(tokens(vocabulary, utf8(" the end")));
  }

  @Test
  void knowsTheBytesOfSentencePieceTokens() throws Exception {
    Vocabulary vocabulary = GgufVocabulary.of(new TinyModels(1).file());
    assertThat(vocabulary.size()).isEqualTo(320);
    assertThat(vocabulary.startToken()).isEqualTo(1);
    for (int i = 0; i < 3; i++) {
      assertThat(vocabulary.bytes(i)).isEmpty();
    }
    for (int i = 0; i < 256; i++) {
      assertThat(vocabulary.bytes(3 + i)).containsExactly(i);
    }
    assertThat(vocabulary.bytes(259)).isEqualTo(utf8("\n"));
    assertThat(vocabulary.bytes(260)).isEqualTo(utf8("\n\n"));
    assertThat(vocabulary.bytes(261)).isEqualTo(utf8(" "));
    assertThat(tokens(vocabulary, utf8("\n\n\n a\u2581")))
        .containsExactly(260, 259, indexOf(vocabulary, " a"), 3 + 0xE2, 3 + 0x96, 3 + 0x81);
  }

  @Test
  void knowsTheBytesOfByteLevelTokens() throws Exception {
    byte[] text = resource("english.txt");
    Vocabulary vocabulary = vocabulary(LearntBpe.model(text, "gpt-2").bytes());
    assertThat(vocabulary.startToken()).isZero();
    assertThat(vocabulary.bytes(0)).isEmpty();
    assertThat(vocabulary.bytes(1)).isEqualTo(utf8("int "));
    for (int i = 0; i < 256; i++) {
      assertThat(vocabulary.bytes(2 + i)).containsExactly(i);
    }
    assertThat(tokens(vocabulary, utf8("print x"))).contains(1).doesNotContain(0);
  }

  private static int indexOf(Vocabulary vocabulary, String text) {
    int token = 0;
    while (!Arrays.equals(vocabulary.bytes(token), utf8(text))) {
      token++;
    }
    return token;
  }

  @Test
  void saysThatAByteHasNoToken() throws Exception {
    GgufWriter writer = new TinyModels(1).writer();
    int[] types = new int[320];
    Arrays.fill(types, 1);
    types[0] = 2;
    writer.remove("tokenizer.ggml.token_type").integers("tokenizer.ggml.token_type", types);
    Vocabulary vocabulary = vocabulary(writer.bytes());
    assertThat(tokens(vocabulary, utf8("thein"))).isNotNull();
    assertThat(tokens(vocabulary, utf8("the \u00e9"))).isNull();
  }

  @Test
  void startsWithBosOrElseEosOrElseTheFirstToken() throws Exception {
    GgufWriter writer = new TinyModels(1).writer();
    writer.remove("tokenizer.ggml.bos_token_id").u32("tokenizer.ggml.bos_token_id", -1);
    assertThat(vocabulary(writer.bytes()).startToken()).isEqualTo(2);
    writer.remove("tokenizer.ggml.eos_token_id");
    assertThat(vocabulary(writer.bytes()).startToken()).isZero();
  }

  @Test
  void refusesAFileWithoutAVocabulary() {
    byte[] none = new GgufWriter().string("general.architecture", "llama").bytes();
    byte[] other =
        new TinyModels(1)
            .writer()
            .remove("tokenizer.ggml.model")
            .string("tokenizer.ggml.model", "rwkv")
            .bytes();
    assertThatThrownBy(() -> vocabulary(none))
        .isInstanceOf(TrcModelException.class)
        .hasMessage("m.gguf: the file has no vocabulary");
    assertThatThrownBy(() -> vocabulary(other))
        .isInstanceOf(TrcModelException.class)
        .hasMessageContaining("'rwkv' is not supported");
  }
}
