package io.trc.hadoop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.util.Progressable;

/**
 * Tells a task that it is alive while a stream works on a block.
 *
 * <p>MapReduce ends a task that reports nothing for ten minutes ({@code mapreduce.task.timeout}). A
 * read or a write is silent as long as a block is coded: seconds, or minutes at the highest levels
 * on a slow machine. Hadoop gives codecs nothing to report to, so a task that may be so slow names
 * it:
 *
 * <pre>{@code
 * private TrcProgress.Registration progress;
 *
 * protected void setup(Context context) {
 *   progress = TrcProgress.reportTo(context);
 * }
 *
 * protected void cleanup(Context context) {
 *   progress.close();
 * }
 * }</pre>
 *
 * <p>From then on it is told every ten seconds while any stream of the process is coding, and never
 * while none is. A registration costs a sleeping thread. Spark has no such time-out. Safe for use
 * by several threads.
 */
public final class TrcProgress {
  private static final long PERIOD_MILLIS = 10_000;

  /** The reads and writes that are going on. */
  private static final AtomicInteger BUSY = new AtomicInteger();

  private TrcProgress() {}

  /**
   * Has a task told that it is alive, from a thread of its own, until the registration is closed.
   *
   * @param task what is told; a {@code Context} of MapReduce and a {@code Reporter} are such
   */
  public static Registration reportTo(Progressable task) {
    return reportTo(task, PERIOD_MILLIS);
  }

  static Registration reportTo(Progressable task, long periodMillis) {
    return new Registration(task, periodMillis);
  }

  static void begin() {
    BUSY.incrementAndGet();
  }

  static void end() {
    BUSY.decrementAndGet();
  }

  /** A task that is told until this is closed. */
  public static final class Registration implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Progressable task;
    private final long periodMillis;

    private Registration(Progressable task, long periodMillis) {
      this.task = task;
      this.periodMillis = periodMillis;
      Thread thread = new Thread(this::report, "trc-progress");
      thread.setDaemon(true);
      thread.start();
    }

    private void report() {
      try {
        while (!closed.await(periodMillis, TimeUnit.MILLISECONDS)) {
          beat();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // nobody interrupts it but who ends the process
      }
    }

    void beat() {
      if (BUSY.get() > 0) {
        task.progress();
      }
    }

    /** Ends the telling. Closing twice does nothing. */
    @Override
    public void close() {
      closed.countDown();
    }
  }
}
