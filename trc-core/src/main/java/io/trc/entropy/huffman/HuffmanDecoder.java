package io.trc.entropy.huffman;

import io.trc.TrcCorruptedException;
import io.trc.entropy.EntropyDecoder;

final class HuffmanDecoder implements EntropyDecoder {
  private final CanonicalCode code = new CanonicalCode();
  private final BitReader in;

  HuffmanDecoder(BitReader in) {
    this.in = in;
  }

  @Override
  public int decode(int[] frequencies, int count) throws TrcCorruptedException {
    code.build(frequencies, count);
    return code.decode(in);
  }

  @Override
  public int decodeUniform(int bound) throws TrcCorruptedException {
    int shortCodes = TruncatedBinary.shortCodes(bound);
    int value = in.read(TruncatedBinary.shortLength(bound));
    return value < shortCodes ? value : (value << 1 | in.read(1)) - shortCodes;
  }

  @Override
  public void finish() throws TrcCorruptedException {
    in.finish();
  }
}
