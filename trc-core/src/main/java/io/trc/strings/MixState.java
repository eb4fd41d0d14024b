package io.trc.strings;

import io.trc.mix.Adaptive;
import io.trc.mix.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** What the mixer of a dictionary has learnt: how far counts, matches and inputs are trusted. */
final class MixState {
  /** The classes of a count of 8 bits. */
  static final int CLASSES = 12;

  private static final int[] FIRST = {0, 1, 2, 3, 4, 5, 7, 10, 16, 30, 60, 120, 256};
  private static final byte[] CLASS = new byte[256];

  static {
    for (int c = 0; c < CLASSES; c++) {
      Arrays.fill(CLASS, FIRST[c], FIRST[c + 1], (byte) c);
    }
  }

  /** The cells of a map from both counts to a probability. */
  static final int CELLS = CLASSES * CLASSES;

  /** Maps for each context: for bits, for ends of the message, and of tokens. */
  static final int KINDS = 3;

  private static final int MAPS = KINDS * MessageContexts.COUNT;

  /** Classes of the length of a match, for ends and bits. */
  static final int MATCHES = 64;

  /** A bias, a match by two, the language model, and one of each context. */
  static final int INPUTS = 4 + MessageContexts.COUNT;

  /** The input of the language model, 0 without one. */
  static final int MODEL = 3;

  /** The rows of the sets of weights. */
  static final int[] ROWS = {256, 7 * 3 * 8, 48 * 2, Folding.KINDS * 9 * 2, 256};

  static final int SETS = ROWS.length;

  /** The inputs of the final set. */
  static final int FINAL_INPUTS = SETS;

  static final int FINAL_ROWS = 256;

  static final int ONE = 1 << 16;

  private static final int WEIGHT = 7000;

  final int[] counts = new int[MAPS * CELLS];
  final int[] matches = new int[MATCHES];
  final int[][] weights = new int[SETS][];
  final int[] finalWeights = new int[FINAL_ROWS * FINAL_INPUTS];

  /** What is known without any training, with a language model as without. */
  MixState() {
    for (int i = 0; i < counts.length; i++) {
      int cell = i % CELLS;
      long zeros = 10L * FIRST[cell % CLASSES] + 4;
      long ones = 10L * FIRST[cell / CLASSES] + 4;
      counts[i] = Adaptive.of((int) (ones * (Tables.ONE - 1) / (ones + zeros)), 6);
    }
    for (int i = 0; i < matches.length; i++) {
      matches[i] = Adaptive.of(Tables.ONE - Tables.ONE / (4 + 2 * (i & 31)), 0);
    }
    for (int set = 0; set < SETS; set++) {
      weights[set] = new int[ROWS[set] * INPUTS];
      Arrays.fill(weights[set], WEIGHT);
    }
    Arrays.fill(finalWeights, ONE / SETS);
  }

  /** What is known of messages before a dictionary is trained; not to be changed. */
  static MixState byBytes() {
    return ByBytes.STATE;
  }

  /** What is known of messages that a language model predicts, too; not to be changed. */
  static MixState byModel() {
    return ByModel.STATE;
  }

  /** Loaded when it is needed. */
  private static final class ByBytes {
    static final MixState STATE = load("bytes-1.bin");
  }

  /** Loaded when it is needed. */
  private static final class ByModel {
    static final MixState STATE = load("tokens-1.bin");
  }

  private static MixState load(String resource) {
    try (InputStream in = MixState.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing");
      }
      return StateCode.decode(in.readAllBytes(), new MixState());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, apart from the other. */
  MixState(MixState other) {
    set(other);
  }

  /** Becomes the same as another one. */
  void set(MixState other) {
    System.arraycopy(other.counts, 0, counts, 0, counts.length);
    System.arraycopy(other.matches, 0, matches, 0, matches.length);
    for (int set = 0; set < SETS; set++) {
      if (weights[set] == null) {
        weights[set] = new int[ROWS[set] * INPUTS];
      }
      System.arraycopy(other.weights[set], 0, weights[set], 0, weights[set].length);
    }
    System.arraycopy(other.finalWeights, 0, finalWeights, 0, finalWeights.length);
  }

  /** The cell of a slot's two counts. */
  static int cell(int slot) {
    return CLASS[slot >> 8 & 255] * CLASSES + CLASS[slot & 255];
  }
}
