package io.trc.predict;

import io.trc.TrcException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model whose lanes are used again instead of being opened for every block, and of which only so
 * many are open at a time: who asks for more waits until others are closed. So a server with many
 * threads takes the memory of a few contexts, however many threads come and go.
 *
 * <p>Lanes are handed out empty. Whoever holds some must not open others, or all may wait for ever.
 * Safe for use by several threads.
 */
public final class PooledModel extends ForwardingModel {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /** More would not be quicker; but a short text shall not have to wait for long ones. */
  private static final int MOST_IN_USE = Math.max(8, 4 * PROCESSORS);

  private final int mostInUse;
  private final int mostIdle;
  private final long mostBytes;

  /** Those that wait to be used again, the one returned last in front. Guarded by itself. */
  private final ArrayDeque<Idle> idle = new ArrayDeque<>();

  // Guarded by the lock of the idle ones.
  private int inUse;
  private long bytesInUse;
  private boolean closed;

  /** What lanes were asked for, and the memory they take. */
  private record Shape(int lanes, int window, int maxSteps, long bytes) {}

  private record Idle(Shape shape, Lanes lanes) {}

  /**
   * Lends the lanes of a model, which is closed with this one. All in use take no more memory than
   * the Java heap may, which by default is a quarter of the machine's, be they in it or not.
   */
  public PooledModel(LanguageModel model) {
    this(model, MOST_IN_USE, PROCESSORS, Runtime.getRuntime().maxMemory());
  }

  /**
   * Lends the lanes of a model.
   *
   * @param mostInUse how many sets of lanes may be open at once
   * @param mostIdle how many are kept when nobody uses them
   * @param mostBytes the memory that all in use may take together; one may always be open
   */
  PooledModel(LanguageModel model, int mostInUse, int mostIdle, long mostBytes) {
    super(model);
    this.mostInUse = mostInUse;
    this.mostIdle = mostIdle;
    this.mostBytes = mostBytes;
  }

  @Override
  public Lanes openLanes(int lanes, int window, int maxSteps) throws IOException {
    Shape shape = new Shape(lanes, window, maxSteps, lanesMemory(lanes, window, maxSteps));
    Lanes used = begin(shape);
    boolean opened = false;
    try {
      if (used == null) {
        used = open(shape);
      } else {
        used.clear();
      }
      opened = true;
      return new Borrowed(shape, used);
    } finally {
      if (!opened) {
        end(shape, used, false);
      }
    }
  }

  /** Waits until there is room for one more; returns lanes to use again, or null. */
  private @Nullable Lanes begin(Shape shape) throws InterruptedIOException {
    synchronized (idle) {
      try {
        while (inUse > 0 && (inUse >= mostInUse || bytesInUse + shape.bytes > mostBytes)) {
          idle.wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted =
            new InterruptedIOException("interrupted while waiting for a context of the model");
        interrupted.initCause(e);
        throw interrupted;
      }
      inUse++;
      bytesInUse += shape.bytes;
      for (Iterator<Idle> each = idle.iterator(); each.hasNext(); ) {
        Idle one = each.next();
        if (one.shape.equals(shape)) {
          each.remove();
          return one.lanes;
        }
      }
      return null;
    }
  }

  private Lanes open(Shape shape) throws IOException {
    try {
      return super.openLanes(shape.lanes, shape.window, shape.maxSteps);
    } catch (TrcException e) {
      // The memory that is missing may be in those that nobody uses.
      if (closeIdle() == 0) {
        throw e;
      }
      return super.openLanes(shape.lanes, shape.window, shape.maxSteps);
    }
  }

  /** Takes lanes back, or closes them if they are not to be used again. */
  private void end(Shape shape, @Nullable Lanes lanes, boolean again) {
    List<Lanes> surplus = new ArrayList<>();
    synchronized (idle) {
      inUse--;
      bytesInUse -= shape.bytes;
      if (lanes != null) {
        if (again && !closed) {
          idle.addFirst(new Idle(shape, lanes));
        } else {
          surplus.add(lanes);
        }
      }
      while (idle.size() > mostIdle) {
        surplus.add(idle.removeLast().lanes);
      }
      idle.notifyAll();
    }
    surplus.forEach(Lanes::close);
  }

  /** Frees what nobody uses, and tells how many sets of lanes that were. */
  private int closeIdle() {
    List<Idle> unused;
    synchronized (idle) {
      unused = List.copyOf(idle);
      idle.clear();
    }
    unused.forEach(one -> one.lanes.close());
    return unused.size();
  }

  /** The sets of lanes that are in use now. */
  int inUse() {
    synchronized (idle) {
      return inUse;
    }
  }

  /** The sets of lanes that are open and wait to be used again. */
  int idle() {
    synchronized (idle) {
      return idle.size();
    }
  }

  /** Frees what nobody uses, and the model once the lanes in use are closed. */
  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
    }
    closeIdle();
    super.close();
  }

  /** Lanes that go back when they are closed, unless they failed. */
  private final class Borrowed extends ForwardingLanes {
    private final Shape shape;
    private boolean failed;
    private boolean returned;

    Borrowed(Shape shape, Lanes lanes) {
      super(lanes);
      this.shape = shape;
    }

    @Override
    protected Lanes lanes() {
      if (returned) {
        throw new IllegalStateException("the lanes are closed");
      }
      return super.lanes();
    }

    @Override
    public void evaluate(int[] tokens, int offset, int steps) throws TrcException {
      boolean done = false;
      try {
        super.evaluate(tokens, offset, steps);
        done = true;
      } finally {
        failed |= !done;
      }
    }

    @Override
    public void drop(int from, int tokens) throws TrcException {
      boolean done = false;
      try {
        super.drop(from, tokens);
        done = true;
      } finally {
        failed |= !done;
      }
    }

    @Override
    public void close() {
      if (!returned) {
        returned = true;
        end(shape, super.lanes(), !failed);
      }
    }
  }
}
