package io.trc.mix;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.predict.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class TokenTreeTest {
  private static long side(TokenTree tree, int node, int outcome, long[] sums) {
    return tree.isLower(node, outcome)
        ? sums[tree.split(node)] - sums[tree.low(node)]
        : sums[tree.high(node)] - sums[tree.split(node)];
  }

  private record Tokens(List<byte[]> tokens) implements Vocabulary {
    @Override
    public int size() {
      return tokens.size();
    }

    @Override
    public int startToken() {
      return 0;
    }

    @Override
    public byte[] bytes(int token) {
      return tokens.get(token);
    }

    @Override
    public boolean isByteToken(int token) {
      return token % 3 == 0;
    }

    @Override
    public int[] tokenize(byte[] text, int offset, int length) {
      throw new UnsupportedOperationException();
    }
  }

  /** The way to a place, as the decisions taken; every one must be real and lead on. */
  private static String way(TokenTree tree, int place) {
    StringBuilder way = new StringBuilder();
    int node = tree.root();
    while (node >= 0) {
      byte[] common = Arrays.copyOf(tree.bytes(tree.somePlace(node)), tree.depth(node));
      assertThat(Arrays.copyOf(tree.bytes(place), common.length)).isEqualTo(common);
      int outcome = tree.outcome(node, place);
      way.append(tree.depth(node)).append(':').append(tree.decision(node)).append(outcome);
      node = tree.next(node, outcome);
    }
    assertThat(~node).isEqualTo(place);
    return way.toString();
  }

  @RepeatedTest(40)
  void everyTokenHasAWayOfItsOwn(RepetitionInfo round) {
    Random random = new Random(round.getCurrentRepetition());
    int letters = 1 + random.nextInt(random.nextBoolean() ? 3 : 255);
    List<byte[]> tokens = new ArrayList<>();
    int count = 1 + random.nextInt(300);
    for (int i = 0; i < count; i++) {
      byte[] token = new byte[random.nextInt(6)];
      for (int k = 0; k < token.length; k++) {
        token[k] = (byte) (255 - random.nextInt(letters));
      }
      tokens.add(token);
    }
    TokenTree tree = new TokenTree(new Tokens(tokens));
    List<String> ways = new ArrayList<>();
    for (int token = 0; token < count; token++) {
      int canonical = tree.canonical(token);
      assertThat(tokens.get(canonical)).isEqualTo(tokens.get(token));
      assertThat(tree.canonical(canonical)).isEqualTo(canonical);
      byte[] bytes = tokens.get(token);
      boolean only =
          IntStream.range(0, count)
              .noneMatch(i -> i % 3 != 0 && Arrays.equals(tokens.get(i), bytes));
      assertThat(canonical % 3 != 0 || only || bytes.length == 0).isTrue();
      if (tokens.get(token).length > 0) {
        assertThat(tree.token(tree.placeOf(token))).isEqualTo(canonical);
        if (canonical == token) {
          ways.add(way(tree, tree.placeOf(token)));
        }
      }
    }
    assertThat(ways).doesNotHaveDuplicates();
  }

  @Test
  void theSidesOfANodeShareItsWeight() {
    List<byte[]> tokens = new ArrayList<>();
    for (String token : List.of("", "a", "ab", "abc", "b", "ba", "ab")) {
      tokens.add(token.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
    TokenTree tree = new TokenTree(new Tokens(tokens));
    long[] sums = {0, 0, 1, 3, 7, 15, 31, 63};
    // The root halves 'a...' and 'b...': the seventh bit of the first byte.
    assertThat(tree.decision(tree.root())).isEqualTo(0b1011000);
    assertThat(side(tree, tree.root(), 0, sums)).isEqualTo(15);
    assertThat(side(tree, tree.root(), 1, sums)).isEqualTo(48);
    int a = tree.next(tree.root(), 0);
    assertThat(tree.decision(a)).isZero();
    assertThat(side(tree, a, 1, sums)).isEqualTo(1);
    assertThat(side(tree, a, 0, sums)).isEqualTo(14);
    assertThat(tree.next(a, 1)).isEqualTo(~1);
    int ab = tree.next(a, 0);
    assertThat(side(tree, ab, 1, sums)).isEqualTo(6); // both tokens 'ab'
    assertThat(tree.token(~tree.next(ab, 1))).isEqualTo(2); // the other one is a byte token
  }

  @Test
  void aLongLadderOfTokensIsBuiltWithoutRecursion() {
    List<byte[]> tokens = new ArrayList<>();
    for (int length = 1; length <= 5_000; length++) {
      tokens.add(new byte[length]);
    }
    TokenTree tree = new TokenTree(new Tokens(tokens));
    assertThat(way(tree, 4_999)).contains("4999:00");
  }
}
