package io.trc.block;

import static io.trc.container.BlockMethod.RANGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.trc.container.Block;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IncompressibleTest {
  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static boolean plainly(byte[] bytes) {
    return Incompressible.plainly(bytes, 0, bytes.length);
  }

  @Test
  void noiseIsPlainlyIncompressible() {
    assertThat(plainly(random(1 << 20))).isTrue();
    assertThat(Incompressible.plainly(random(1 << 20), 77, (1 << 20) - 100)).isTrue();
  }

  @Test
  void whatIsShortIsTried() {
    assertThat(plainly(random(Incompressible.LEAST - 1))).isFalse();
  }

  @Test
  void noiseThatComesTwiceIsNot() throws IOException {
    byte[] bytes = random(1 << 20);
    System.arraycopy(bytes, 0, bytes, (1 << 20) - 40_000, 40_000);
    assertThat(plainly(bytes)).isFalse();
    Block block = BlockDecoderTest.encoder(new FakeModel(), RANGE).binary(bytes, bytes.length);
    assertThat(block.payload().length).isLessThan(bytes.length - 30_000);
  }

  @Test
  void noiseWithOneRareByteIsNot() {
    byte[] bytes = random(1 << 20);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] &= 0x7f;
    }
    assertThat(plainly(bytes)).isFalse();
  }

  @Test
  void evenlySpreadBytesInOrderAreNot() {
    byte[] bytes = new byte[1 << 20];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 7 + (i >> 8) * 3);
    }
    assertThat(plainly(bytes)).isFalse();
  }
}
