package io.trc.mix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NumbersTest {
  private final History history = new History();
  private Numbers numbers = new Numbers(history, 12);
  private int template;

  private void add(String text) {
    for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
      history.add(b);
      template = b == '\n' ? 0 : Bytes.isDigit(b) ? template : Hash.of(template, b);
      numbers.add(b, template, 0);
    }
  }

  /** What {@link Numbers#continuation} gives where a digit follows, or the end of the number. */
  private static int follows(int digit, int repeats) {
    return Hash.of(1 + (repeats << 8), digit);
  }

  @Test
  void whatCountsUpIsContinued() {
    add("n=98\nn=105\nn=112\nn=");
    assertThat(numbers.continuation()).isEqualTo(follows('1', 1));
    add("1");
    assertThat(numbers.continuation()).isEqualTo(follows('1', 1));
    add("1");
    assertThat(numbers.continuation()).isEqualTo(follows('9', 1));
    add("9");
    assertThat(numbers.continuation()).isEqualTo(follows(300, 1));
  }

  @Test
  void whatCountsDownThroughFewerDigitsIsContinuedToo() {
    add("n=12\nn=11\nn=10\nn=");
    assertThat(numbers.continuation()).isEqualTo(follows('9', 1));
    add("9");
    assertThat(numbers.continuation()).isEqualTo(follows(300, 1));
    add("\nn=4\nn=");
    assertThat(numbers.continuation()).as("4 and -5 would be negative").isZero();
  }

  @Test
  void zerosInFrontAreKept() {
    add("n=007\nn=008\nn=");
    assertThat(numbers.continuation()).isEqualTo(follows('0', 0));
    add("00");
    assertThat(numbers.continuation()).isEqualTo(follows('9', 0));
  }

  @Test
  void anotherNumberIsNoContinuation() {
    add("n=1\nn=2\nn=5");
    assertThat(numbers.continuation()).isZero();
    add("\nn=");
    assertThat(numbers.continuation()).as("5 and 3").isEqualTo(follows('8', 0));
  }

  @Test
  void theComparisonTellsHowTheNumbersDiffer() {
    add("n=25\nn=");
    int before = numbers.comparison();
    assertThat(before).isNotZero();
    add("2");
    int equal = numbers.comparison();
    add("\nn=25\nn=3");
    int greaterByOne = numbers.comparison();
    add("\nn=25\nn=9");
    int greater = numbers.comparison();
    add("\nn=25\nn=1");
    int less = numbers.comparison();
    assertThat(new int[] {equal, greaterByOne, greater, less}).doesNotHaveDuplicates();
    add("234");
    assertThat(numbers.comparison()).as("longer than the one before").isZero();
  }

  @Test
  void numbersOfAnyLengthAreNoDanger() {
    String nines = "9".repeat(400);
    add("n=" + nines + "\nn=" + nines + "\nn=99999999999999999\nn=0\nn=99999999999999999\nn=");
    assertThat(numbers.comparison()).isNotZero();
    add(nines + "\n" + nines + "\n");
    assertThat(numbers.continuation()).isZero();
  }

  @Test
  void aCopyGoesOnAsTheOriginalWould() {
    add("n=98\nn=105\nn=1");
    Numbers original = numbers;
    numbers = new Numbers(original, new History(history));
    assertThat(numbers.continuation()).isEqualTo(original.continuation()).isNotZero();
    assertThat(numbers.comparison()).isEqualTo(original.comparison()).isNotZero();
  }
}
