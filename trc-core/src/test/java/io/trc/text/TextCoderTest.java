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
  void textsOfAnyLengthComeBackSideBySide(EntropyCoder entropy) throws IOException {
    LanguageModel model = Model.embedded().get(0).choose(TrcEngine.PORTABLE).model();
    TokenCoder coder = new DistributionCoder(entropy, model.vocabulary().size());
    TextEncoder encoder = new TextEncoder(model, WINDOW, coder);
    List<byte[]> texts = new ArrayList<>();
    texts.add(utf8("a"));
    texts.add(new byte[] {(byte) 0xff});
    texts.add(utf8("Ok."));
    texts.add(utf8("Meet me at the station at half past eight. ".repeat(9)));
    List<TextDecoder.Coded> codes = new ArrayList<>();
    for (byte[] text : texts) {
      byte[] code = encoder.encode(text, Integer.MAX_VALUE);
      assertThat(code).isNotNull();
      codes.add(new TextDecoder.Coded(coder, code, text.length));
    }
    assertThat(new TextDecoder(model, WINDOW).decode(codes))
        .isDeepEqualTo(texts.toArray(byte[][]::new));
    assertThat(codes.get(0).code().length).isLessThanOrEqualTo(2);
  }

  @Test
  void aCodeLongerThanAllowedIsNone() throws IOException {
    LanguageModel model = Model.embedded().get(0).choose(TrcEngine.PORTABLE).model();
    TokenCoder coder = new DistributionCoder(new RangeCoder(), model.vocabulary().size());
    TextEncoder encoder = new TextEncoder(model, WINDOW, coder);
    byte[] text = utf8("Meet me at the station at half past eight.");
    byte[] code = encoder.encode(text, text.length);
    assertThat(code).isNotNull();
    assertThat(encoder.encode(text, code.length)).isEqualTo(code);
    assertThat(encoder.encode(text, code.length - 1)).isNull();
  }
}
