package io.trc.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TrcProgressTest {
  /** A read that ends only when progress was told three times shows that it is told meanwhile. */
  @Test
  void aTaskIsToldWhileAReadGoesOn() throws IOException {
    byte[] archive = archive();
    CountDownLatch told = new CountDownLatch(3);
    TrcProgress.Registration registration = TrcProgress.reportTo(told::countDown, 1);
    try (InputStream in = new TrcCodec().createInputStream(new Slow(archive, told))) {
      assertThat(in.read()).isEqualTo('o');
    } finally {
      registration.close();
    }
    assertThat(told.getCount()).isZero();
  }

  @Test
  void itIsToldNothingWhileNothingIsCoded() {
    AtomicInteger told = new AtomicInteger();
    try (TrcProgress.Registration registration = TrcProgress.reportTo(told::incrementAndGet)) {
      registration.beat();
      assertThat(told).hasValue(0);
      TrcProgress.begin();
      registration.beat();
      assertThat(told).hasValue(1);
      TrcProgress.end();
      registration.beat();
      assertThat(told).hasValue(1);
    }
  }

  private static byte[] archive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TrcCodec codec = new TrcCodec();
    codec.setConf(Texts.configuration());
    try (var out = codec.createOutputStream(bytes)) {
      out.write("one".getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /** A file that gives its bytes only once a task was told often enough. */
  private static final class Slow extends FilterInputStream {
    private final CountDownLatch told;

    Slow(byte[] bytes, CountDownLatch told) {
      super(new ByteArrayInputStream(bytes));
      this.told = told;
    }

    private void await() {
      try {
        if (!told.await(1, TimeUnit.MINUTES)) {
          throw new AssertionError("nothing was told");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public int read() throws IOException {
      await();
      return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      await();
      return super.read(bytes, offset, length);
    }
  }
}
