package io.trc.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EmbeddedModelTest {
  @Test
  void theResourceIsTheFileThatItsCardDescribes() throws Exception {
    EmbeddedModel model = EmbeddedModel.small();
    byte[] bytes;
    try (InputStream in = model.open()) {
      bytes = in.readAllBytes();
    }
    assertThat(bytes).hasSize(Math.toIntExact(model.size())).startsWith('G', 'G', 'U', 'F');
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(model.sha256());
  }

  @Test
  void theSmallModelIsAlwaysFound() {
    assertThat(EmbeddedModel.all())
        .singleElement()
        .satisfies(model -> assertThat(model.sha256()).isEqualTo(EmbeddedModel.small().sha256()));
  }
}
