package io.trc.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first tokens stay, the oldest part of the others goes, and batches end where a part does. */
class SlidingWindowTest {
  private final List<Integer> held = new ArrayList<>();
  private final List<Integer> batches = new ArrayList<>();
  private int dropped;

  private Lanes lanes(int window, int maxSteps) {
    return (Lanes)
        Proxy.newProxyInstance(
            Lanes.class.getClassLoader(),
            new Class<?>[] {Lanes.class},
            (self, method, arguments) -> {
              return switch (method.getName()) {
                case "window" -> window;
                case "maxSteps" -> maxSteps;
                case "length" -> held.size();
                case "drop" -> drop((int) arguments[0], (int) arguments[1]);
                case "evaluate" ->
                    take((int[]) arguments[0], (int) arguments[1], (int) arguments[2]);
                default -> throw new IllegalStateException(method.getName());
              };
            });
  }

  private @Nullable Object drop(int from, int tokens) {
    held.subList(from, from + tokens).clear();
    dropped++;
    return null;
  }

  private @Nullable Object take(int[] tokens, int offset, int steps) {
    Arrays.stream(tokens, offset, offset + steps).forEach(held::add);
    batches.add(steps);
    return null;
  }

  private void run(int window, int maxSteps, int length) throws Exception {
    SlidingWindow sliding = new SlidingWindow(lanes(window, maxSteps));
    int[] tokens = IntStream.range(0, length).toArray();
    for (int done = 0; done < length; ) {
      done += sliding.advance(tokens, done, length - done);
    }
  }

  @Test
  void theFirstFourTokensStayAndTheOldestPartOfTheOthersGoes() throws Exception {
    run(32, 32, 33);
    List<Integer> expected = new ArrayList<>(List.of(0, 1, 2, 3));
    IntStream.range(11, 33).forEach(expected::add);
    assertThat(held).isEqualTo(expected);
    assertThat(batches).containsExactly(11, 7, 7, 7, 1);
    assertThat(dropped).isEqualTo(1);
  }

  @Test
  void aPartIsAQuarterLessOne() {
    assertThat(SlidingWindow.part(16)).isEqualTo(3);
    assertThat(SlidingWindow.part(512)).isEqualTo(127);
    assertThat(SlidingWindow.part(1 << 16)).isEqualTo((1 << 14) - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 16, 512})
  void whatIsHeldDependsNotOnTheBatches(int maxSteps) throws Exception {
    for (int length : new int[] {1, 4, 5, 15, 16, 17, 63, 64, 65, 79, 80, 1000}) {
      held.clear();
      run(64, 1, length);
      List<Integer> single = List.copyOf(held);
      held.clear();
      run(64, maxSteps, length);
      assertThat(held).isEqualTo(single).hasSizeLessThanOrEqualTo(64);
    }
  }
}
