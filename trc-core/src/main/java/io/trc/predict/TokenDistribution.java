package io.trc.predict;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Logits turned into integer frequencies of few symbols, the same on every JVM and CPU.
 *
 * <p>Most of a vocabulary is almost impossible at any one time, and to code it exactly would cost
 * more than the model itself. So a <em>symbol</em> is either one likely token or a <em>bucket</em>
 * of unlikely ones whose logits lie about equally far below the greatest; within its symbol a token
 * has a rank, and all ranks are equally likely. To code a token is to code its symbol by {@link
 * #frequencies}, then its rank among {@link #tokensIn}:
 *
 * <pre>{@code
 * distribution.set(logits);
 * int symbol = distribution.symbolOf(token);
 * encoder.encode(distribution.frequencies(), distribution.symbols(), symbol);
 * encoder.encodeUniform(distribution.rankOf(token), distribution.tokensIn(symbol));
 *
 * distribution.set(logits);
 * int symbol = decoder.decode(distribution.frequencies(), distribution.symbols());
 * int rank = decoder.decodeUniform(distribution.tokensIn(symbol));
 * int token = distribution.token(symbol, rank);
 * }</pre>
 *
 * <p>Every token has a symbol whatever the logits are: NaN and negative infinity count as the least
 * finite float, positive infinity as the greatest. Floats and doubles are only added, multiplied,
 * divided, compared and truncated, which Java defines to the last bit.
 *
 * <p>Setting takes two passes over the vocabulary, about 2 ns per token, and allocates nothing.
 * Instances are confined to one thread.
 */
public final class TokenDistribution {
  /** The greatest sum of the frequencies: 2^24. */
  public static final int MAX_TOTAL = 1 << 24;

  /** The greatest size of a vocabulary: 2^18 = 262,144 tokens. */
  public static final int MAX_VOCABULARY_SIZE = 1 << 18;

  /** At most so many tokens are symbols of their own. */
  private static final int MAX_LIKELY = 256;

  /** A bucket is a quarter of a nat wide. */
  private static final int BUCKETS_PER_NAT = 4;

  /** Logits that lie further below the greatest, in nats, share the last bucket. */
  private static final int REACH = 24;

  private static final int LAST_BUCKET = REACH * BUCKETS_PER_NAT;

  /** No token is a symbol of its own whose whole bucket is less likely, token by token: 2^-14. */
  private static final double LEAST_LIKELY = 0x1p-14;

  /** {@code exp} of minus the distance between the greatest logit and a bucket's middle. */
  private static final double[] MIDDLE = new double[LAST_BUCKET + 1];

  static {
    for (int bucket = 0; bucket <= LAST_BUCKET; bucket++) {
      MIDDLE[bucket] = StrictMath.exp(-distanceOfMiddle(bucket));
    }
  }

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  /** Fills the last word of {@link #bucketOf}; no bucket has this number. */
  private static final byte NO_BUCKET = Byte.MAX_VALUE;

  private final int vocabularySize;
  private final byte[] bucketOf;
  private final int[] bucketSize = new int[LAST_BUCKET + 1];
  private final int[] symbolOfBucket = new int[LAST_BUCKET + 1];
  private final int[] bucketOfSymbol = new int[MAX_LIKELY + LAST_BUCKET + 1];
  private final int[] likely = new int[MAX_LIKELY];
  private final double[] weights = new double[MAX_LIKELY + LAST_BUCKET + 1];
  private final int[] frequencies = new int[MAX_LIKELY + LAST_BUCKET + 1];

  /** The symbols below are single tokens, in ascending order; the others are buckets. */
  private int likelyCount;

  /** Tokens of the buckets below are symbols of their own. */
  private int firstBucket;

  private int symbols;

  /**
   * Creates a distribution in which every token is equally likely.
   *
   * @param vocabularySize the number of tokens, 1 to {@link #MAX_VOCABULARY_SIZE}
   */
  public TokenDistribution(int vocabularySize) {
    if (vocabularySize < 1 || vocabularySize > MAX_VOCABULARY_SIZE) {
      throw new IllegalArgumentException(
          "vocabulary size " + vocabularySize + " is not in 1.." + MAX_VOCABULARY_SIZE);
    }
    this.vocabularySize = vocabularySize;
    bucketOf = new byte[(vocabularySize + Long.BYTES - 1) / Long.BYTES * Long.BYTES];
    Arrays.fill(bucketOf, vocabularySize, bucketOf.length, NO_BUCKET);
    set(new float[vocabularySize]);
  }

  /**
   * Takes new logits: natural logarithms of the tokens' probabilities but for a constant. They are
   * read, not kept.
   *
   * @throws IllegalArgumentException unless there is one logit for each token
   */
  public void set(float[] logits) {
    if (logits.length != vocabularySize) {
      throw new IllegalArgumentException(
          logits.length + " logits for a vocabulary of " + vocabularySize);
    }
    float greatest = Logits.greatest(logits);
    if (Float.isInfinite(greatest)) {
      set(Logits.finite(logits));
      return;
    }
    fillBuckets(logits, greatest);
    chooseLikely();
    weigh(logits, greatest);
  }

  private void fillBuckets(float[] logits, float greatest) {
    byte[] bucketOf = this.bucketOf;
    int[] bucketSize = this.bucketSize;
    Arrays.fill(bucketSize, 0);
    for (int token = 0; token < logits.length; token++) {
      float distance = greatest - logits[token];
      // NaN is not less, and so falls into the last bucket.
      int bucket = distance < REACH ? (int) (distance * BUCKETS_PER_NAT) : LAST_BUCKET;
      bucketOf[token] = (byte) bucket;
      bucketSize[bucket]++;
    }
  }

  /** Takes whole buckets from the top while their tokens are likely enough and not too many. */
  private void chooseLikely() {
    double mass = 0;
    for (int bucket = 0; bucket <= LAST_BUCKET; bucket++) {
      mass += bucketSize[bucket] * MIDDLE[bucket];
    }
    double least = mass * LEAST_LIKELY;
    firstBucket = 0;
    likelyCount = 0;
    while (firstBucket < LAST_BUCKET
        && MIDDLE[firstBucket] >= least
        && likelyCount + bucketSize[firstBucket] <= MAX_LIKELY) {
      likelyCount += bucketSize[firstBucket++];
    }
  }

  private void weigh(float[] logits, float greatest) {
    findLikely();
    double sum = 0;
    for (int symbol = 0; symbol < likelyCount; symbol++) {
      int token = likely[symbol];
      int bucket = bucketOf[token];
      double fromMiddle = (greatest - logits[token]) - distanceOfMiddle(bucket);
      weights[symbol] = MIDDLE[bucket] * smallExp(-fromMiddle);
      sum += weights[symbol];
    }
    symbols = likelyCount;
    for (int bucket = firstBucket; bucket <= LAST_BUCKET; bucket++) {
      if (bucketSize[bucket] > 0) {
        bucketOfSymbol[symbols] = bucket;
        symbolOfBucket[bucket] = symbols;
        weights[symbols] = MIDDLE[bucket] * bucketSize[bucket];
        sum += weights[symbols++];
      }
    }
    double scale = (MAX_TOTAL - symbols) / sum;
    for (int symbol = 0; symbol < symbols; symbol++) {
      frequencies[symbol] = 1 + (int) (weights[symbol] * scale);
    }
  }

  private void findLikely() {
    int found = 0;
    long bound = firstBucket * EVERY_BYTE;
    for (int i = 0; found < likelyCount; i += Long.BYTES) {
      long atLeast = (((long) WORDS.get(bucketOf, i) | HIGH_BITS) - bound) & HIGH_BITS;
      for (long less = atLeast ^ HIGH_BITS; less != 0; less &= less - 1) {
        likely[found++] = i + Long.numberOfTrailingZeros(less) / Byte.SIZE;
      }
    }
  }

  private static double distanceOfMiddle(int bucket) {
    return (bucket + 0.5) / BUCKETS_PER_NAT;
  }

  /** exp(x) for |x| &lt;= 1/8, by Taylor's series; relative error below 1e-8. */
  private static double smallExp(double x) {
    return 1 + x * (1 + x * (1.0 / 2 + x * (1.0 / 6 + x * (1.0 / 24 + x * (1.0 / 120)))));
  }

  /** The number of symbols, 1 to 353. */
  public int symbols() {
    return symbols;
  }

  /**
   * The frequencies of the symbols, at least 1 each and at most {@link #MAX_TOTAL} together. Only
   * the first {@link #symbols} elements count. The array is shared, changes with {@link #set} and
   * must not be written to.
   */
  public int[] frequencies() {
    return frequencies;
  }

  /** The symbol that a token belongs to. */
  public int symbolOf(int token) {
    Objects.checkIndex(token, vocabularySize);
    int bucket = bucketOf[token];
    return bucket < firstBucket
        ? Arrays.binarySearch(likely, 0, likelyCount, token)
        : symbolOfBucket[bucket];
  }

  /** The number of tokens that share a symbol, at least 1. */
  public int tokensIn(int symbol) {
    Objects.checkIndex(symbol, symbols);
    return symbol < likelyCount ? 1 : bucketSize[bucketOfSymbol[symbol]];
  }

  /** The number of lesser tokens that share the token's symbol. */
  public int rankOf(int token) {
    Objects.checkIndex(token, vocabularySize);
    int bucket = bucketOf[token];
    if (bucket < firstBucket) {
      return 0;
    }
    int rank = 0;
    int word = token & -Long.BYTES;
    for (int i = 0; i < word; i += Long.BYTES) {
      rank += Long.bitCount(membersOf(bucket, i));
    }
    long lesser = (1L << ((token - word) * Byte.SIZE)) - 1;
    return rank + Long.bitCount(membersOf(bucket, word) & lesser);
  }

  /** The token of a rank within a symbol: the inverse of {@link #symbolOf} and {@link #rankOf}. */
  public int token(int symbol, int rank) {
    Objects.checkIndex(rank, tokensIn(symbol));
    if (symbol < likelyCount) {
      return likely[symbol];
    }
    int bucket = bucketOfSymbol[symbol];
    int word = 0;
    int left = rank;
    long members = membersOf(bucket, word);
    while (Long.bitCount(members) <= left) {
      left -= Long.bitCount(members);
      word += Long.BYTES;
      members = membersOf(bucket, word);
    }
    for (; left > 0; left--) {
      members &= members - 1;
    }
    return word + Long.numberOfTrailingZeros(members) / Byte.SIZE;
  }

  /** The high bits of those eight bytes from {@code i} on that are tokens of the bucket. */
  private long membersOf(int bucket, int i) {
    long differences = (long) WORDS.get(bucketOf, i) ^ bucket * EVERY_BYTE;
    return ~(differences + ~HIGH_BITS) & HIGH_BITS;
  }

  /** The ideal length of a token's code, in bits. For statistics only: not bit-reproducible. */
  public double bits(int token) {
    int symbol = symbolOf(token);
    long total = 0;
    for (int i = 0; i < symbols; i++) {
      total += frequencies[i];
    }
    return Math.log((double) total * tokensIn(symbol) / frequencies[symbol]) / Math.log(2);
  }
}
