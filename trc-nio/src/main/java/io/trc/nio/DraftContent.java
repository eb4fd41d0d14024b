package io.trc.nio;

import io.trc.nio.Store.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being written. Bytes that are written one after the other go into a draft,
 * compressed on the way; whoever reads them again or writes elsewhere gets a spool of plain bytes,
 * compressed when the file is closed. What was there stays there until then, and whenever something
 * failed.
 */
final class DraftContent implements Content {
  /** How a file is opened for writing. */
  enum Mode {
    /** Emptied. */
    FRESH,
    /** Only ever longer. */
    APPEND,
    /** What is there may change. */
    EDIT
  }

  private static final int PIECE = 1 << 13;

  private final Store store;
  private final Target target;
  private final Mode mode;
  private final long before;
  private @Nullable Content old;
  private @Nullable Draft draft;
  private @Nullable Spool spool;
  private boolean changed;
  private boolean failed;

  DraftContent(Store store, Target target, Mode mode) throws IOException {
    this.store = store;
    this.target = target;
    this.mode = mode;
    if (mode == Mode.FRESH || (mode == Mode.EDIT && target.created())) {
      before = 0;
      draft = store.draft(target);
      // What was just made is empty already.
      changed = !target.created();
      return;
    }
    // Open from now on, so that it can be read whatever happens to its name.
    Content there = store.content(target.entry());
    try {
      before = there.size();
      draft = mode == Mode.APPEND ? store.draftToAppend(target, before == 0) : null;
    } catch (IOException | RuntimeException | Error e) {
      there.close();
      throw e;
    }
    old = there;
  }

  @Override
  public long size() throws IOException {
    if (spool != null) {
      return spool.size();
    }
    return before + (draft == null ? 0 : draft.count());
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return spool().read(target, position);
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    attempt(
        () -> {
          Draft next = draft;
          if (next != null && position == size()) {
            byte[] piece = new byte[Math.min(PIECE, source.remaining())];
            while (source.hasRemaining()) {
              int length = Math.min(piece.length, source.remaining());
              source.get(piece, 0, length);
              next.write(piece, 0, length);
            }
          } else {
            spool().write(source, position);
          }
          changed = true;
        });
  }

  @Override
  public void truncate(long size) throws IOException {
    attempt(
        () -> {
          spool().truncate(size);
          changed = true;
        });
  }

  @Override
  public void giveUp() {
    failed = true;
  }

  private void attempt(Interrupts.Step step) throws IOException {
    try {
      step.run();
    } catch (IOException | RuntimeException | Error e) {
      failed = true;
      throw e;
    }
  }

  /** The plain bytes, from what was there and what was written. */
  private Spool spool() throws IOException {
    if (spool != null) {
      return spool;
    }
    Spool fresh = new Spool();
    try {
      if (old != null) {
        old.copyTo(fresh::append);
        old.close();
        old = null;
      }
      Draft written = draft;
      if (written != null) {
        written.finish();
        try (Content recent = store.content(written)) {
          recent.copyTo(fresh::append);
        }
        written.abort();
        draft = null;
      }
    } catch (IOException | RuntimeException | Error e) {
      failed = true;
      fresh.close();
      throw e;
    }
    spool = fresh;
    return fresh;
  }

  @Override
  public void close() throws IOException {
    try {
      if (failed || target.writing().isGivenUp()) {
        store.abandon(target);
      } else if (changed) {
        complete();
      }
    } finally {
      store.ended(target);
      release();
    }
  }

  private void complete() throws IOException {
    try {
      Spool plain = spool;
      if (plain != null) {
        draft = store.draft(target);
        plain.copyTo(draft::write);
      }
      Draft done = draft;
      if (done != null) {
        done.finish();
        store.commit(target, done, change());
      }
    } catch (IOException | RuntimeException | Error e) {
      store.abandon(target);
      throw e;
    }
  }

  private Store.Change change() {
    return switch (mode) {
      case FRESH -> Store.Change.REPLACE;
      case EDIT -> Store.Change.EDIT;
      case APPEND -> spool == null ? Store.Change.APPEND : Store.Change.EDIT;
    };
  }

  private void release() throws IOException {
    try {
      if (draft != null) {
        draft.abort();
      }
    } finally {
      if (old != null) {
        old.close();
      }
      if (spool != null) {
        spool.close();
      }
    }
  }
}
