package io.trc.entropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.TrcCorruptedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every entropy coder must do. */
public abstract class EntropyCoderTest {
  private final EntropyCoder coder;

  protected EntropyCoderTest(EntropyCoder coder) {
    this.coder = coder;
  }

  /** Something to be coded: a symbol by its frequencies, or, without frequencies, a value. */
  protected static final class Item {
    private final int[] frequencies;
    private final int value;
    private final int bound;

    private Item(int[] frequencies, int value, int bound) {
      this.frequencies = frequencies;
      this.value = value;
      this.bound = bound;
    }
  }

  protected static Item symbol(int[] frequencies, int symbol) {
    return new Item(frequencies, symbol, frequencies.length);
  }

  protected static Item uniform(int value, int bound) {
    return new Item(new int[0], value, bound);
  }

  protected final byte[] encode(List<Item> items) {
    EntropyEncoder encoder = coder.newEncoder();
    encode(encoder, items);
    return encoder.finish();
  }

  private static void encode(EntropyEncoder encoder, List<Item> items) {
    for (Item item : items) {
      if (item.frequencies.length == 0) {
        encoder.encodeUniform(item.value, item.bound);
      } else {
        encoder.encode(item.frequencies, item.bound, item.value);
      }
    }
  }

  private static boolean decodes(EntropyDecoder decoder, List<Item> items)
      throws TrcCorruptedException {
    boolean same = true;
    for (Item item : items) {
      int value =
          item.frequencies.length == 0
              ? decoder.decodeUniform(item.bound)
              : decoder.decode(item.frequencies, item.bound);
      if (value < 0 || value >= item.bound) {
        throw new AssertionError(value + " is not in 0.." + (item.bound - 1));
      }
      same &= value == item.value;
    }
    decoder.finish();
    return same;
  }

  private void assertRoundTrip(List<Item> items) throws TrcCorruptedException {
    byte[] code = encode(items);
    assertThat(decodes(coder.newDecoder(code), items)).isTrue();
  }

  /** Frequencies that sum to {@code total}, the more skewed the greater {@code skew}. */
  protected static int[] frequencies(Random random, int count, int total, double skew) {
    double[] weights = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = StrictMath.exp(-skew * random.nextDouble() * 20);
      sum += weights[i];
    }
    int[] frequencies = new int[count];
    int left = total;
    for (int i = 0; i < count; i++) {
      frequencies[i] = 1 + (int) (weights[i] / sum * (total - count));
      left -= frequencies[i];
    }
    frequencies[random.nextInt(count)] += left;
    return frequencies;
  }

  /** A symbol drawn by its frequency. */
  protected static int draw(Random random, int[] frequencies) {
    int target = random.nextInt(Arrays.stream(frequencies).sum());
    int symbol = 0;
    while (target >= frequencies[symbol]) {
      target -= frequencies[symbol++];
    }
    return symbol;
  }

  protected static List<Item> mixture(Random random, int length) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      if (random.nextInt(3) == 0) {
        int bound = 1 + random.nextInt(1 << random.nextInt(21));
        items.add(uniform(random.nextInt(bound), bound));
      } else {
        int count = 1 + random.nextInt(1 << random.nextInt(8));
        int total = count + random.nextInt(EntropyCoder.MAX_TOTAL - count);
        int[] frequencies = frequencies(random, count, total, random.nextDouble());
        boolean likely = random.nextBoolean();
        items.add(symbol(frequencies, likely ? draw(random, frequencies) : random.nextInt(count)));
      }
    }
    return items;
  }

  @Test
  void symbolsAndValuesOfRandomDistributionsComeBack() throws TrcCorruptedException {
    Random random = new Random(1);
    for (int round = 0; round < 100; round++) {
      assertRoundTrip(mixture(random, random.nextInt(60)));
    }
  }

  @Test
  void aLongSequenceComesBack() throws TrcCorruptedException {
    assertRoundTrip(mixture(new Random(2), 5_000));
  }

  @Test
  void nothingTakesNoBytes() throws TrcCorruptedException {
    assertThat(encode(List.of())).isEmpty();
    assertRoundTrip(List.of());
  }

  @Test
  void theOnlySymbolTakesNoBytes() throws TrcCorruptedException {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      items.add(symbol(new int[] {EntropyCoder.MAX_TOTAL}, 0));
      items.add(symbol(new int[] {1}, 0));
      items.add(uniform(0, 1));
    }
    assertThat(encode(items)).isEmpty();
    assertRoundTrip(items);
  }

  @Test
  void everySymbolOfTheLargestDistributionsComesBack() throws TrcCorruptedException {
    int[] even = new int[EntropyCoder.MAX_SYMBOLS];
    Arrays.fill(even, EntropyCoder.MAX_TOTAL / even.length);
    int[] ones = new int[EntropyCoder.MAX_SYMBOLS];
    Arrays.fill(ones, 1);
    int[] steep = ones.clone();
    steep[1234] = EntropyCoder.MAX_TOTAL - steep.length + 1;
    for (int[] frequencies : List.of(even, ones, steep)) {
      List<Item> items = new ArrayList<>();
      for (int symbol = 0; symbol < frequencies.length; symbol += 13) {
        items.add(symbol(frequencies, symbol));
      }
      assertRoundTrip(items);
    }
  }

  @Test
  void everySymbolOfTheDeepestTreeComesBack() throws TrcCorruptedException {
    List<Item> items = new ArrayList<>();
    int[] fibonacci = fibonacci();
    for (int round = 0; round < 20; round++) {
      for (int symbol = 0; symbol < fibonacci.length; symbol++) {
        items.add(symbol(fibonacci, symbol));
      }
    }
    assertRoundTrip(items);
  }

  /** The frequencies of the deepest tree: 34 symbols, their codes up to 33 bits long. */
  protected static int[] fibonacci() {
    int[] frequencies = new int[34];
    frequencies[0] = 1;
    frequencies[1] = 1;
    for (int i = 2; i < frequencies.length; i++) {
      frequencies[i] = frequencies[i - 1] + frequencies[i - 2];
    }
    assertThat(Arrays.stream(frequencies).sum()).isLessThan(EntropyCoder.MAX_TOTAL);
    return frequencies;
  }

  @Test
  void everyValueOfSmallBoundsAndTheEndsOfTheLargestComeBack() throws TrcCorruptedException {
    List<Item> items = new ArrayList<>();
    for (int bound = 1; bound <= 70; bound++) {
      for (int value = 0; value < bound; value++) {
        items.add(uniform(value, bound));
      }
    }
    for (int bound : new int[] {(1 << 20) - 1, 1 << 20, 1 << 19, (1 << 19) + 1}) {
      items.add(uniform(0, bound));
      items.add(uniform(bound / 2, bound));
      items.add(uniform(bound - 1, bound));
    }
    assertRoundTrip(items);
  }

  @Test
  void theFirstAndTheLastSymbolComeBackHoweverOftenTheyRepeat() throws TrcCorruptedException {
    for (int symbol = 0; symbol < 3; symbol++) {
      List<Item> items = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        items.add(symbol(new int[] {5, EntropyCoder.MAX_TOTAL - 10, 5}, symbol));
      }
      assertRoundTrip(items);
    }
  }

  @Test
  void aResetEncoderWritesWhatANewOneWrites() {
    EntropyEncoder encoder = coder.newEncoder();
    Random random = new Random(3);
    for (int round = 0; round < 20; round++) {
      List<Item> items = mixture(random, 50);
      encode(encoder, items);
      assertThat(encoder.finish()).isEqualTo(encode(items));
      encoder.reset();
      assertThat(encoder.size()).isZero();
    }
  }

  @Test
  void finishingTwiceGivesTheSameBytes() {
    EntropyEncoder encoder = coder.newEncoder();
    encode(encoder, mixture(new Random(4), 50));
    byte[] code = encoder.finish();
    assertThat(encoder.finish()).isEqualTo(code);
  }

  @Test
  void theSizeNeverExceedsTheFinalSizeNorFallsFarBehind() {
    Random random = new Random(5);
    for (int round = 0; round < 15; round++) {
      EntropyEncoder encoder = coder.newEncoder();
      int last = 0;
      List<Item> items = mixture(random, 200);
      for (Item item : items) {
        encode(encoder, List.of(item));
        assertThat(encoder.size()).isGreaterThanOrEqualTo(last);
        last = encoder.size();
      }
      assertThat(encoder.finish().length).isBetween(last, last + 8);
    }
  }

  @Test
  void aFinishedEncoderRefusesMore() {
    EntropyEncoder encoder = coder.newEncoder();
    encoder.finish();
    assertThatThrownBy(() -> encoder.encodeUniform(0, 2)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> encoder.encode(new int[] {1, 1}, 2, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void frequenciesBoundsAndSymbolsOutOfRangeAreRefused() {
    EntropyEncoder encoder = coder.newEncoder();
    EntropyDecoder decoder = coder.newDecoder(new byte[8]);
    for (int[] wrong :
        List.of(
            new int[] {1, 0},
            new int[] {1, -1},
            new int[] {1 << 24, 1},
            new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE},
            new int[EntropyCoder.MAX_SYMBOLS + 1])) {
      assertThatThrownBy(() -> encoder.encode(wrong, wrong.length, 0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> decoder.decode(wrong, wrong.length))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> decoder.decode(new int[1], 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> encoder.encode(new int[] {1, 1}, 2, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> encoder.encodeUniform(3, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> encoder.encodeUniform(3, (1 << 20) + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> decoder.decodeUniform(0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(encoder.finish()).isEmpty();
  }

  @Test
  void aTruncatedCodeIsNeverAcceptedAsTheWholeOne() {
    Random random = new Random(6);
    for (int round = 0; round < 20; round++) {
      List<Item> items = mixture(random, 30);
      byte[] code = encode(items);
      for (int length = 0; length < code.length; length++) {
        assertThat(acceptsAsTheSame(code, length, items)).as("length %d", length).isFalse();
      }
    }
  }

  @Test
  void surplusBytesAreNeverAccepted() {
    Random random = new Random(7);
    for (int round = 0; round < 20; round++) {
      List<Item> items = mixture(random, 30);
      byte[] code = encode(items);
      for (int surplus : new int[] {0, 1, 0x80, 0xFF}) {
        byte[] longer = Arrays.copyOf(code, code.length + 1);
        longer[code.length] = (byte) surplus;
        assertThat(acceptsAsTheSame(longer, longer.length, items)).isFalse();
      }
    }
  }

  @Test
  void noFlippedBitIsAcceptedAsTheWholeCode() {
    Random random = new Random(8);
    for (int round = 0; round < 5; round++) {
      List<Item> items = mixture(random, 30);
      byte[] code = encode(items);
      for (int bit = 0; bit < 8 * code.length; bit++) {
        code[bit / 8] ^= (byte) (1 << (bit % 8));
        assertThat(acceptsAsTheSame(code, code.length, items)).as("bit %d", bit).isFalse();
        code[bit / 8] ^= (byte) (1 << (bit % 8));
      }
    }
  }

  @Test
  void randomBytesDecodeToSomethingOrAreCorrupted() {
    Random random = new Random(9);
    for (int round = 0; round < 100; round++) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      List<Item> items = mixture(random, 40);
      assertThat(acceptsAsTheSame(noise, noise.length, items)).isFalse();
    }
  }

  /** False also if the code is found to be corrupted; any other exception fails the test. */
  private boolean acceptsAsTheSame(byte[] code, int length, List<Item> items) {
    try {
      return decodes(coder.newDecoder(Arrays.copyOf(code, length)), items);
    } catch (TrcCorruptedException e) {
      assertThat(e).hasMessageContaining("code");
      return false;
    }
  }
}
