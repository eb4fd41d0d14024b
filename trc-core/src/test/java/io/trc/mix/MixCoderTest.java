package io.trc.mix;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.TrcCorruptedException;
import io.trc.TrcEngine;
import io.trc.entropy.range.RangeCoder;
import io.trc.models.Model;
import io.trc.predict.LanguageModel;
import io.trc.text.DistributionCoder;
import io.trc.text.TextDecoder;
import io.trc.text.TextEncoder;
import io.trc.text.TokenCoder;
import io.trc.text.TokenDecoder;
import io.trc.text.TokenEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixCoderTest {
  private static final int WINDOW = 512;

  private static LanguageModel model() throws IOException {
    return Model.embedded().get(0).choose(TrcEngine.AUTO).model();
  }

  private static byte[] prose(int length) throws IOException {
    try (InputStream in = MixCoderTest.class.getResourceAsStream("/io/trc/lord-jim.txt")) {
      return in.readNBytes(length);
    }
  }

  /**
   * One code, byte by byte, on every machine and from every version. Where FORMAT.md changes what
   * the mixer computes, this is made anew.
   */
  @ParameterizedTest
  @CsvSource({
    "19, 1052, 0254475662401ec8e1bc91eb0a8222b33e1fe0519078a4676e5ddfc97e27b31f",
    "24, 1052, 41168ecda9a7f4032a338d91d9ba8945bd831ac0b6fbbc404ce060e103050d7a"
  })
  void theCodeIsThatOfTheFormat(int contexts, int length, String sha256) throws Exception {
    LanguageModel model = model();
    byte[] text = prose(6_000);
    MixCoder coder = new MixCoder(model.vocabulary(), new MixSize(contexts, 14));
    byte[] code = code(model, coder, text);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(code);
    assertThat(code.length + " " + HexFormat.of().formatHex(digest))
        .isEqualTo(length + " " + sha256);
  }

  private static MixCoder coder(LanguageModel model) {
    return new MixCoder(model.vocabulary(), new MixSize(19, 14));
  }

  @Test
  @Tag("slow")
  void whatRepeatsItselfIsLearnt() throws IOException {
    LanguageModel model = model();
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      log.append("[")
          .append(1000 + 37 * i)
          .append("] eth0: link up, ")
          .append(i % 7)
          .append(" ms\n");
    }
    byte[] text = log.toString().getBytes(StandardCharsets.US_ASCII);
    byte[] mixed = code(model, coder(model), text);
    DistributionCoder alone = new DistributionCoder(new RangeCoder(), model.vocabulary().size());
    byte[] unmixed = code(model, alone, text);
    assertThat(mixed.length).isLessThan(unmixed.length * 2 / 3);
  }

  /** Else the model would be given tokens that it has hardly seen in training. */
  @Test
  void theTokensOfTheTokenizerAreTheCanonicalOnes() throws IOException {
    LanguageModel model = model();
    TokenEncoder encoder = coder(model).newEncoder();
    byte[] text = prose(6_000);
    int[] tokens = model.vocabulary().tokenize(text, 0, text.length);
    assertThat(tokens).isNotNull();
    assertThat(new String(text, StandardCharsets.US_ASCII)).contains("\n");
    assertThat(Arrays.stream(tokens).map(encoder::canonical).toArray()).isEqualTo(tokens);
  }

  @Test
  @Tag("slow")
  void anyTextComesBackFromLanes() throws IOException {
    LanguageModel model = model();
    MixCoder coder = coder(model);
    byte[] noise = new byte[200];
    new Random(3).nextBytes(noise);
    byte[] lines =
        "a\r\n\n\t,,,\u0000ü€\uD83D\uDE00 12 12 13 <x>7</x>\n"
            .repeat(8)
            .getBytes(StandardCharsets.UTF_8);
    List<byte[]> texts = List.of(new byte[] {7}, prose(500), noise, lines);
    List<TextDecoder.Coded> codes = texts.stream().map(text -> coded(model, coder, text)).toList();
    assertThat(new TextDecoder(model, WINDOW).decode(codes))
        .isDeepEqualTo(texts.toArray(byte[][]::new));
  }

  private static byte[] code(LanguageModel model, TokenCoder coder, byte[] text)
      throws IOException {
    TextEncoder encoder = new TextEncoder(model, WINDOW);
    TextEncoder.Code code = encoder.encode(text, Integer.MAX_VALUE, List.of(coder.newEncoder()));
    assertThat(code).isNotNull();
    return code.bytes();
  }

  private static TextDecoder.Coded coded(LanguageModel model, MixCoder coder, byte[] text) {
    try {
      byte[] code = code(model, coder, text);
      return new TextDecoder.Coded(coder.newDecoder(code), code.length, text.length);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Whatever the logits, and whatever the code: an exception or some tokens, and no hang. */
  @Test
  void damagedCodesAndWildLogitsAreHarmless() throws IOException {
    LanguageModel model = model();
    MixCoder coder = coder(model);
    Random random = new Random(4);
    int size = model.vocabulary().size();
    float[] wild = {
      Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 1e30f, -1e30f
    };
    for (int round = 0; round < 4; round++) {
      float[][] logits = new float[60][size];
      for (float[] row : logits) {
        for (int i = 0; i < size; i++) {
          row[i] = random.nextInt(50) == 0 ? wild[random.nextInt(6)] : random.nextFloat(-30, 0);
        }
      }
      TokenEncoder encoder = coder.newEncoder();
      int[] tokens = random.ints(60, 300, size).map(encoder::canonical).toArray();
      for (int i = 0; i < tokens.length; i++) {
        encoder.encode(logits[i], tokens[i]);
      }
      byte[] code = encoder.finish();
      TokenDecoder decoder = coder.newDecoder(code);
      for (int i = 0; i < tokens.length; i++) {
        assertThat(decoder.decode(logits[i])).isEqualTo(tokens[i]);
      }
      decoder.finish();
      byte[] damaged = Arrays.copyOf(code, code.length - random.nextInt(20));
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      assertThat(same(coder.newDecoder(damaged), logits, tokens)).isFalse();
    }
  }

  private static boolean same(TokenDecoder decoder, float[][] logits, int[] tokens) {
    boolean same = true;
    try {
      for (int i = 0; i < tokens.length; i++) {
        same &= decoder.decode(logits[i]) == tokens[i];
      }
      decoder.finish();
      return same;
    } catch (TrcCorruptedException e) {
      assertThat(e).hasMessageContaining("range code");
      return false;
    }
  }
}
