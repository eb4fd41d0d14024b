package io.trc.model.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.model.EmbeddedModel;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddedModelsTest {
  @Test
  void theBaseModelIsFoundBehindTheSmallOneAndIsTheFileOfItsCard() throws Exception {
    List<EmbeddedModel> all = EmbeddedModel.all();
    assertThat(all)
        .extracting(EmbeddedModel::kind)
        .containsExactly(EmbeddedModel.Kind.SMALL, EmbeddedModel.Kind.BASE);
    EmbeddedModel model = all.get(1);
    byte[] bytes;
    try (InputStream in = model.open()) {
      bytes = in.readAllBytes();
    }
    assertThat(bytes).hasSize(Math.toIntExact(model.size())).startsWith('G', 'G', 'U', 'F');
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(model.sha256());
  }
}
