package io.trc.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.TrcEngine;
import io.trc.entropy.EntropyCoder;
import io.trc.entropy.huffman.HuffmanCoder;
import io.trc.entropy.range.RangeCoder;
import io.trc.models.Model;
import io.trc.predict.LanguageModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextCoderTest {
  private static final int WINDOW = 64;

  static Stream<EntropyCoder> coders() {
    return Stream.of(new HuffmanCoder(), new RangeCoder());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("coders")
  @Tag("slow")
  void textsOfAnyLengthComeBackSideBySide(EntropyCoder entropy) throws IOException {
    LanguageModel model = Model.embedded().get(0).choose(TrcEngine.PORTABLE).model();
    TokenCoder coder = new DistributionCoder(entropy, model.vocabulary().size());
    TextEncoder encoder = new TextEncoder(model, WINDOW);
    List<byte[]> texts = new ArrayList<>();
    texts.add(utf8("a"));
    texts.add(new byte[] {(byte) 0xff});
    texts.add(utf8("Ok."));
    texts.add(utf8("Meet me at the station at half past eight. ".repeat(9)));
    List<TextDecoder.Coded> codes = new ArrayList<>();
    for (byte[] text : texts) {
      byte[] code = code(encoder, coder, text, Integer.MAX_VALUE);
      assertThat(code).isNotNull();
      codes.add(new TextDecoder.Coded(coder.newDecoder(code), code.length, text.length));
    }
    assertThat(new TextDecoder(model, WINDOW).decode(codes))
        .isDeepEqualTo(texts.toArray(byte[][]::new));
    assertThat(codes.get(0).codeLength()).isLessThanOrEqualTo(2);
  }

  private static byte @Nullable [] code(
      TextEncoder encoder, TokenCoder coder, byte[] text, int limit) throws IOException {
    TextEncoder.Code code = encoder.encode(text, limit, List.of(coder.newEncoder()));
    return code == null ? null : code.bytes();
  }

  @Test
  void theShortestOfSeveralCodesIsTaken() throws IOException {
    LanguageModel model = Model.embedded().get(0).choose(TrcEngine.PORTABLE).model();
    int size = model.vocabulary().size();
    TokenCoder huffman = new DistributionCoder(new HuffmanCoder(), size);
    TokenCoder range = new DistributionCoder(new RangeCoder(), size);
    TextEncoder encoder = new TextEncoder(model, WINDOW);
    byte[] text = utf8("Meet me at the station at half past eight. ".repeat(9));
    TextEncoder.Code code =
        encoder.encode(text, text.length, List.of(huffman.newEncoder(), range.newEncoder()));
    assertThat(code).isNotNull();
    assertThat(code.encoder()).isEqualTo(1);
    assertThat(code.bytes()).isEqualTo(code(encoder, range, text, text.length));
  }

  @Test
  void aCodeLongerThanAllowedIsNone() throws IOException {
    LanguageModel model = Model.embedded().get(0).choose(TrcEngine.PORTABLE).model();
    TokenCoder coder = new DistributionCoder(new RangeCoder(), model.vocabulary().size());
    TextEncoder encoder = new TextEncoder(model, WINDOW);
    byte[] text = utf8("Meet me at the station at half past eight.");
    byte[] code = code(encoder, coder, text, text.length);
    assertThat(code).isNotNull();
    assertThat(code(encoder, coder, text, code.length)).isEqualTo(code);
    assertThat(code(encoder, coder, text, code.length - 1)).isNull();
  }
}
