package io.trc.block;

import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.Numerics;
import io.trc.predict.NumericsProfile;
import io.trc.predict.Vocabulary;
import java.util.Arrays;

/** A model whose tokens are the bytes, and that is sure that the next one is the least. */
final class FakeModel implements LanguageModel {
  private static final int SIZE = 256;

  private int evaluated;

  /** The steps evaluated so far. */
  int evaluated() {
    return evaluated;
  }

  @Override
  public Vocabulary vocabulary() {
    return new Vocabulary() {
      @Override
      public int size() {
        return SIZE;
      }

      @Override
      public int startToken() {
        return 0;
      }

      @Override
      public byte[] bytes(int token) {
        return new byte[] {(byte) token};
      }

      @Override
      public boolean isByteToken(int token) {
        return false;
      }

      @Override
      public int[] tokenize(byte[] text, int offset, int length) {
        int[] tokens = new int[length];
        Arrays.setAll(tokens, i -> text[offset + i] & 0xff);
        return tokens;
      }
    };
  }

  @Override
  public Numerics numerics() {
    return new Numerics(NumericsProfile.NATIVE, 0, true);
  }

  @Override
  public String engine() {
    return "fake";
  }

  @Override
  public int trainedWindow() {
    return 16;
  }

  @Override
  public Lanes openLanes(int lanes, int window, int maxSteps) {
    return new Lanes() {
      private int length;

      @Override
      public int count() {
        return lanes;
      }

      @Override
      public int window() {
        return window;
      }

      @Override
      public int maxSteps() {
        return maxSteps;
      }

      @Override
      public int length() {
        return length;
      }

      @Override
      public void evaluate(int[] tokens, int offset, int steps) {
        length += steps;
        evaluated += steps;
      }

      @Override
      public void logits(int column, float[] target) {
        Arrays.fill(target, 0);
        target[0] = 30;
        target['a'] = 25;
        target['b'] = 20;
      }

      @Override
      public void drop(int from, int tokens) {
        length -= tokens;
      }

      @Override
      public void clear() {
        length = 0;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public int usefulLanes() {
    return 8;
  }

  @Override
  public long lanesMemory(int lanes, int window, int maxSteps) {
    return 1 << 10;
  }

  @Override
  public long modelMemory() {
    return 1 << 10;
  }

  @Override
  public void close() {}
}
