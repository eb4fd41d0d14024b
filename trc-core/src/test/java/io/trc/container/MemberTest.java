package io.trc.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MemberTest {
  @Test
  void aBlockComesBack() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MemberWriter writer = new MemberWriter(out, new StreamHeader(18, null));
    byte[] plain = "Hello".getBytes(StandardCharsets.UTF_8);
    writer.write(Block.stored(plain));
    writer.write(Block.stored(plain));
    writer.finish();
    MemberReader reader = MemberReader.open(new ByteArrayInputStream(out.toByteArray()));
    assertThat(reader).isNotNull();
    assertThat(reader.next().payload()).isEqualTo(plain);
    assertThat(reader.next().payload()).isEqualTo(plain);
    assertThat(reader.next()).isNull();
    assertThat(reader.read()).isEqualTo(out.size()).isEqualTo(writer.written());
  }
}
