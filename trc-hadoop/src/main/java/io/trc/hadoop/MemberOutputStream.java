package io.trc.hadoop;

import io.trc.TrcOptions;
import io.trc.TrcOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.io.compress.CompressionOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes a member, and another one each time it is reset, as sequence files do. */
final class MemberOutputStream extends CompressionOutputStream {
  private enum State {
    /** Nothing was written; what is closed now is an empty member. */
    NEW,
    OPEN,
    FINISHED,
    /** The next member may begin, or none. */
    RESET
  }

  private final TrcOptions options;
  private State state = State.NEW;
  private @Nullable TrcOutputStream member;
  private boolean closed;

  MemberOutputStream(OutputStream out, TrcOptions options) {
    super(out);
    this.options = options;
  }

  /** The stream beneath, which outlives a member. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {}
  }

  private TrcOutputStream member() throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (state == State.FINISHED) {
      throw new IOException("the stream is finished; resetState begins another member");
    }
    TrcOutputStream open = member;
    if (open == null) {
      open = new TrcOutputStream(new Unclosed(out), options);
      member = open;
      state = State.OPEN;
    }
    return open;
  }

  @Override
  public void write(int b) throws IOException {
    TrcOutputStream open = member();
    TrcProgress.begin();
    try {
      open.write(b);
    } finally {
      TrcProgress.end();
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    TrcOutputStream open = member();
    TrcProgress.begin();
    try {
      open.write(bytes, offset, length);
    } finally {
      TrcProgress.end();
    }
  }

  /** Hands on what is coded; ends no block. */
  @Override
  public void flush() throws IOException {
    TrcOutputStream open = member;
    if (open == null) {
      out.flush();
    } else {
      open.flush();
    }
  }

  /** Ends the member, an empty one if nothing was written. */
  @Override
  public void finish() throws IOException {
    if (state == State.FINISHED) {
      return;
    }
    TrcProgress.begin();
    try (TrcOutputStream open = member()) {
      open.finish();
    } finally {
      member = null;
      state = State.FINISHED;
      TrcProgress.end();
    }
  }

  /** Makes another member possible, and ends the one before if it was not ended. */
  @Override
  public void resetState() throws IOException {
    if (state == State.OPEN) {
      finish();
    }
    if (state == State.FINISHED) {
      state = State.RESET;
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    if (state == State.RESET) {
      state = State.FINISHED;
    }
    try {
      super.close(); // which finishes
    } finally {
      closed = true;
    }
  }
}
