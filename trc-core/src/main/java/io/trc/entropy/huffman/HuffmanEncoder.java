package io.trc.entropy.huffman;

import io.trc.entropy.EntropyEncoder;
import java.util.Objects;

final class HuffmanEncoder implements EntropyEncoder {
  private final CanonicalCode code = new CanonicalCode();
  private final BitWriter out = new BitWriter();
  private boolean finished;

  @Override
  public void encode(int[] frequencies, int count, int symbol) {
    Objects.checkIndex(symbol, count);
    requireOpen();
    code.build(frequencies, count);
    out.write(code.codeOf(symbol), code.lengthOf(symbol));
  }

  @Override
  public void encodeUniform(int value, int bound) {
    Objects.checkIndex(value, bound);
    requireOpen();
    int bits = TruncatedBinary.shortLength(bound);
    int shortCodes = TruncatedBinary.shortCodes(bound);
    if (value < shortCodes) {
      out.write(value, bits);
    } else {
      out.write(value + shortCodes, bits + 1);
    }
  }

  private void requireOpen() {
    if (finished) {
      throw new IllegalStateException("the code is finished; reset() begins another");
    }
  }

  @Override
  public int size() {
    return out.size();
  }

  @Override
  public byte[] finish() {
    finished = true;
    return out.finish();
  }

  @Override
  public void reset() {
    finished = false;
    out.reset();
  }
}
