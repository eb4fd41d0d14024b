package io.trc.strings;

import io.trc.mix.TokenTree;
import io.trc.predict.Vocabulary;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The samples of a dictionary, and what they have in common: how often each decision had which
 * outcome after each context, and where their pieces stand. Nothing changes once it is made, but
 * for training.
 *
 * <p>The samples stand behind each other, each between two bytes {@link #MARK}, which is in no
 * UTF-8.
 */
final class Samples {
  /** Stands between samples. */
  static final byte MARK = (byte) 0xFF;

  /** The greatest length of all samples with their marks: 4 MiB. */
  static final int MOST = 1 << 22;

  private static final int LEAST_BITS = 8;
  private static final int MOST_BITS = 17;
  private static final int CHUNK = 1 << 15;

  final byte[] text;
  final MatchIndex matches;
  final CountTable[] tables = new CountTable[MessageContexts.COUNT];

  /**
   * Counts what is in samples, byte by byte.
   *
   * @param text a mark, and behind each sample another
   */
  Samples(byte[] text) {
    this(text, new MatchIndex(text));
    count();
  }

  /** Counts what is in samples, token by token. */
  Samples(Samples same, TokenTree tree, Vocabulary vocabulary) {
    this(same.text, same.matches);
    MessageModel model = new MessageModel(this, new MixState(), true);
    model.setCounting(true);
    MixedWalk walk = new MixedWalk(tree, model);
    int[] starts = starts(text);
    int step = step(starts.length);
    int sample = 0;
    for (int k = 0; k < starts.length; k++) {
      int end = sample + 1 < starts.length ? starts[sample + 1] : text.length;
      int[] places = places(text, starts[sample], end - 1, tree, vocabulary);
      if (places.length > 0) {
        walk.start(0, 0);
        walk.count(places, false);
      }
      sample = (int) (((long) sample + step) % starts.length);
    }
  }

  private Samples(byte[] text, MatchIndex matches) {
    this.text = text;
    this.matches = matches;
    for (int i = 0; i < tables.length; i++) {
      tables[i] = new CountTable(bits(i, text.length));
    }
  }

  /** The places of the tokens of a sample; none if the vocabulary cannot say it. */
  static int[] places(byte[] text, int from, int to, TokenTree tree, Vocabulary vocabulary) {
    int[] tokens = vocabulary.tokenize(text, from, to - from);
    return tokens == null ? new int[0] : Arrays.stream(tokens).map(tree::placeOf).toArray();
  }

  /** About two buckets for each byte, of the contexts of one or two characters fewer. */
  static int bits(int context, int length) {
    int most = context == 0 ? 12 : context == 1 ? 15 : MOST_BITS;
    int wanted = Integer.SIZE - Integer.numberOfLeadingZeros(2 * length);
    return Math.max(LEAST_BITS, Math.min(most, wanted));
  }

  /** Goes through the samples in pieces: hashes first, then each table for itself. */
  private void count() {
    MessageContexts contexts = new MessageContexts();
    contexts.clear();
    int[][] hashes = new int[MessageContexts.COUNT][CHUNK];
    int[] now = new int[MessageContexts.COUNT];
    byte[] symbols = new byte[CHUNK];
    byte[] missing = new byte[CHUNK];
    int[] starts = starts(text);
    int step = step(starts.length);
    int count = 0;
    int sample = 0;
    for (int k = 0; k < starts.length; k++) {
      boolean first = true;
      contexts.clear();
      for (int at = starts[sample]; ; at++) {
        byte b = text[at];
        contexts.hash(now);
        for (int i = 0; i < now.length; i++) {
          hashes[i][count] = now[i];
        }
        symbols[count] = b;
        missing[count] = (byte) (first ? 4 : contexts.missing());
        if (++count == CHUNK) {
          count(hashes, symbols, missing, count);
          count = 0;
        }
        if (b == MARK) {
          break;
        }
        first = false;
        contexts.add(b & 0xff);
      }
      sample = (int) (((long) sample + step) % starts.length);
    }
    count(hashes, symbols, missing, count);
  }

  /** Where samples begin. */
  static int[] starts(byte[] text) {
    return IntStream.range(1, text.length).filter(at -> text[at - 1] == MARK).toArray();
  }

  /**
   * How far apart samples are that are counted one after the other: neighbours are alike, and what
   * is counted last weighs most.
   */
  private static int step(int count) {
    int step = (int) (count * 618L / 1000);
    while (step > 1 && BigInteger.valueOf(step).gcd(BigInteger.valueOf(count)).intValue() > 1) {
      step--;
    }
    return Math.max(1, step);
  }

  private void count(int[][] hashes, byte[] symbols, byte[] missing, int count) {
    IntStream.range(0, tables.length)
        .parallel()
        .forEach(i -> count(tables[i], hashes[i], symbols, missing, count));
  }

  private static void count(
      CountTable table, int[] hashes, byte[] symbols, byte[] missing, int count) {
    short[] slots = table.slots();
    for (int k = 0; k < count; k++) {
      int at = table.findOrAdd(hashes[k]);
      int b = symbols[k] & 0xff;
      if (missing[k] == 0) {
        CountTable.count(slots, at, symbols[k] == MARK ? 1 : 0);
      }
      if (symbols[k] == MARK) {
        continue;
      }
      boolean continued = missing[k] > 0 && missing[k] < 4;
      int node = continued ? 6 : 1;
      for (int bit = continued ? 5 : 7; bit >= 4; bit--) {
        int one = b >> bit & 1;
        CountTable.count(slots, at + node, one);
        node = 2 * node + one;
      }
      at = table.findOrAdd(CountTable.half(hashes[k], node));
      node = 1;
      for (int bit = 3; bit >= 0; bit--) {
        int one = b >> bit & 1;
        CountTable.count(slots, at + node, one);
        node = 2 * node + one;
      }
    }
  }

  /** At least the bytes that the samples take in memory with all that is made of them. */
  static long memory(int length) {
    long memory = 5L * length + (Integer.BYTES << 18);
    for (int i = 0; i < MessageContexts.COUNT; i++) {
      memory += CountTable.memory(bits(i, length));
    }
    return memory;
  }

  /** A text of samples, each of at least one byte. */
  static byte[] join(Iterable<byte[]> samples) {
    byte[] text = new byte[1024];
    int length = 1;
    text[0] = MARK;
    for (byte[] sample : samples) {
      if (text.length - length <= sample.length) {
        text = Arrays.copyOf(text, 2 * text.length + sample.length);
      }
      System.arraycopy(sample, 0, text, length, sample.length);
      length += sample.length;
      text[length++] = MARK;
    }
    return Arrays.copyOf(text, length);
  }
}
