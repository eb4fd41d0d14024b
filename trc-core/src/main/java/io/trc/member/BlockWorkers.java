package io.trc.member;

import io.trc.TrcException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on blocks, one tool (an encoder or a decoder) for each thread. With one thread all
 * happens in the caller's.
 *
 * <p>Used by one thread at a time, as the stream it belongs to.
 *
 * @param <T> the tool
 */
final class BlockWorkers<T> implements AutoCloseable {
  /** Work that needs a tool. */
  interface Work<T, R> {
    R with(T tool) throws Exception;
  }

  private final Supplier<T> tools;
  private final @Nullable ExecutorService threads;
  private final Deque<T> idle = new ArrayDeque<>();

  BlockWorkers(int threads, String name, Supplier<T> tools) {
    this.tools = tools;
    this.threads = threads == 1 ? null : pool(threads, name);
  }

  /** Threads that end when idle, for streams that nobody closes. */
  private static ExecutorService pool(int threads, String name) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> daemon(work, name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Starts the work; with one thread, it is done when this returns. */
  <R> Future<R> submit(Work<T, R> work) {
    Callable<R> task = () -> run(work);
    if (threads != null) {
      return threads.submit(task);
    }
    FutureTask<R> now = new FutureTask<>(task);
    now.run();
    return now;
  }

  private <R> R run(Work<T, R> work) throws Exception {
    T tool;
    synchronized (idle) {
      tool = idle.isEmpty() ? tools.get() : idle.pop();
    }
    try {
      return work.with(tool);
    } finally {
      synchronized (idle) {
        idle.push(tool);
      }
    }
  }

  /** The result of the work, once it is there. */
  static <R> R await(Future<R> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a block");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException io) {
        throw io;
      }
      if (cause instanceof RuntimeException runtime) {
        throw runtime;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new TrcException("a block failed: " + cause, cause);
    }
  }

  /** Ends the threads, whatever they do. */
  @Override
  public void close() {
    boolean interrupted = false;
    if (threads != null) {
      threads.shutdownNow();
      // The model must not be closed under a thread that still uses it; blocks look for
      // interruption often.
      boolean ended = false;
      while (!ended) {
        try {
          ended = threads.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
