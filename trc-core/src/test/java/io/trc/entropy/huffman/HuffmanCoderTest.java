package io.trc.entropy.huffman;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.entropy.EntropyCoderTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class HuffmanCoderTest extends EntropyCoderTest {
  HuffmanCoderTest() {
    super(new HuffmanCoder());
  }

  /** Lengths 1, 2, 3, 3; so the codes are 0, 10, 110, 111. */
  @Test
  void codesAreWrittenFromTheHighestBitOn() {
    int[] frequencies = {1, 4, 2, 1};
    assertThat(
            encode(
                List.of(
                    symbol(frequencies, 1),
                    symbol(frequencies, 2),
                    symbol(frequencies, 0),
                    symbol(frequencies, 3))))
        .containsExactly(0b01011011, 0b10000000);
  }

  /** Of five values three take two bits: 00, 01, 10, 110, 111. */
  @Test
  void uniformValuesAreTruncatedBinary() {
    assertThat(
            encode(
                List.of(uniform(0, 5), uniform(1, 5), uniform(2, 5), uniform(3, 5), uniform(4, 5))))
        .containsExactly(0b00011011, 0b01110000);
  }
}
