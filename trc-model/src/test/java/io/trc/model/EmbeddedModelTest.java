package io.trc.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddedModelTest {
  @ParameterizedTest
  @EnumSource
  void resourceIsTheFileThatItsCardDescribes(EmbeddedModel model) throws Exception {
    byte[] bytes;
    try (InputStream in = model.open()) {
      bytes = in.readAllBytes();
    }
    assertThat(bytes).hasSize(Math.toIntExact(model.size())).startsWith('G', 'G', 'U', 'F');
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(model.sha256());
  }
}
