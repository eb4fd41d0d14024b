package io.trc.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.TrcEngineException;
import io.trc.TrcException;
import java.io.InterruptedIOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Lanes are lent, a few at a time, and come back. */
class PooledModelTest {
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private int room = Integer.MAX_VALUE;
  private boolean failing;

  private final LanguageModel model =
      fake(
          LanguageModel.class,
          (name, arguments) -> {
            if (name.equals("lanesMemory")) {
              return 100L * (int) arguments[0];
            }
            return name.equals("openLanes") ? lanes((int) arguments[0]) : null;
          });

  private interface Answer {
    Object to(String method, Object[] arguments) throws TrcException;
  }

  private static <T> T fake(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answer.to(method.getName(), arguments)));
  }

  private Lanes lanes(int count) throws TrcException {
    if (open.get() >= room) {
      throw new TrcEngineException("no memory for a test");
    }
    opened.incrementAndGet();
    most.accumulateAndGet(open.incrementAndGet(), Math::max);
    return fake(
        Lanes.class,
        (name, arguments) -> {
          if (name.equals("close")) {
            open.decrementAndGet();
          }
          if (name.equals("evaluate") && failing) {
            throw new TrcEngineException("broken for a test");
          }
          return name.equals("count") ? count : null;
        });
  }

  private PooledModel pool(int mostInUse, int mostIdle) {
    return new PooledModel(model, mostInUse, mostIdle, 1000);
  }

  @Test
  void lanesOfTheSameShapeAreUsedAgain() throws Exception {
    PooledModel pool = pool(4, 2);
    for (int i = 0; i < 10; i++) {
      pool.openLanes(1, 16, 1).close();
    }
    pool.openLanes(2, 16, 1).close();
    assertThat(opened).hasValue(2);
    assertThat(pool.idle()).isEqualTo(2);
    pool.openLanes(3, 16, 1).close();
    assertThat(pool.idle()).isEqualTo(2);
    assertThat(open).hasValue(2);
    pool.close();
    assertThat(open).hasValue(0);
  }

  @Test
  void manyThreadsShareAFew() throws Exception {
    PooledModel pool = pool(3, 1);
    ExecutorService threads = Executors.newFixedThreadPool(50);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      all.add(
          threads.submit(
              () -> {
                try (Lanes lanes = pool.openLanes(1, 16, 1)) {
                  assertThat(pool.inUse()).isBetween(1, 3);
                  lanes.clear();
                }
                return null;
              }));
    }
    for (Future<?> one : all) {
      one.get();
    }
    threads.shutdown();
    assertThat(most.get()).isLessThanOrEqualTo(4);
    assertThat(pool.inUse()).isZero();
    assertThat(open.get()).isEqualTo(pool.idle()).isLessThanOrEqualTo(1);
  }

  @Test
  void theMemoryOfAllInUseIsBoundedButOneMayAlwaysBeOpen() throws Exception {
    PooledModel pool = pool(4, 0);
    Lanes large = pool.openLanes(20, 16, 1);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> pool.openLanes(1, 16, 1)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    large.close();
    pool.openLanes(1, 16, 1).close();
    assertThat(open).hasValue(0);
  }

  @Test
  void failedLanesAreNotUsedAgain() throws Exception {
    PooledModel pool = pool(4, 2);
    failing = true;
    try (Lanes lanes = pool.openLanes(1, 16, 1)) {
      assertThatThrownBy(() -> lanes.evaluate(new int[1], 0, 1))
          .isInstanceOf(TrcEngineException.class);
    }
    assertThat(pool.idle()).isZero();
    assertThat(open).hasValue(0);
  }

  @Test
  void idleLanesGiveWayWhereMemoryIsShort() throws Exception {
    PooledModel pool = pool(4, 2);
    room = 1;
    pool.openLanes(1, 16, 1).close();
    try (Lanes lanes = pool.openLanes(2, 16, 1)) {
      assertThat(lanes.count()).isEqualTo(2);
      assertThatThrownBy(() -> pool.openLanes(1, 16, 1)).isInstanceOf(TrcEngineException.class);
    }
    assertThat(pool.inUse()).isZero();
  }

  @Test
  void closedLanesRefuseToBeUsed() throws Exception {
    Lanes lanes = pool(4, 2).openLanes(1, 16, 1);
    lanes.close();
    lanes.close();
    assertThatThrownBy(lanes::clear).isInstanceOf(IllegalStateException.class);
  }
}
