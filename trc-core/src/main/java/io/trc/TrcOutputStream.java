package io.trc;

import io.trc.member.FailedStream;
import io.trc.member.Plan;
import io.trc.member.StreamEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compresses what is written to it into a .trc stream.
 *
 * <pre>{@code
 * try (OutputStream out = new TrcOutputStream(Files.newOutputStream(Path.of("notes.trc")))) {
 *   out.write(text);
 * }
 * }</pre>
 *
 * <p>Any bytes may be written; text of a kind that the model knows shrinks most. Data is cut into
 * blocks of {@link TrcOptions#blockSize}, each compressed on its own when it is full, so that
 * writing is mostly instant and now and then takes seconds: the embedded model reads some 10 kB a
 * second and thread.
 *
 * <p>A stream that failed stays failed: what was written may be incomplete, and every further call
 * throws the first failure again. Not safe for use by several threads at once; {@link
 * TrcOptions#threads} makes it use several itself.
 */
public final class TrcOutputStream extends OutputStream {
  private final OutputStream out;
  private final boolean syncFlush;
  private final StreamEncoder encoder;

  /** Bytes that make no block yet. */
  private final byte[] text;

  private int textLength;
  private boolean finished;
  private boolean closed;
  private @Nullable IOException failure;

  /** Compresses with {@link TrcOptions#DEFAULT}: the embedded model, level 6. */
  public TrcOutputStream(OutputStream out) throws IOException {
    this(out, TrcOptions.DEFAULT);
  }

  /**
   * Compresses with the given options.
   *
   * @param out where the compressed bytes go; closed by {@link #close}
   * @throws TrcMemoryLimitException if that takes more memory than the options allow
   * @throws TrcException if the model cannot be loaded to find that out
   */
  public TrcOutputStream(OutputStream out, TrcOptions options) throws IOException {
    this.out = Objects.requireNonNull(out, "out");
    Plan plan = options.plan();
    syncFlush = plan.syncFlush();
    text = new byte[plan.blockSize()];
    encoder = new StreamEncoder(out, plan);
  }

  @Override
  public void write(int b) throws IOException {
    checkWritable();
    if (textLength == text.length) {
      endChunk();
    }
    text[textLength++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    checkWritable();
    int from = offset;
    int left = length;
    while (left > 0) {
      if (textLength == text.length) {
        endChunk();
      }
      int part = Math.min(left, text.length - textLength);
      System.arraycopy(bytes, from, text, textLength, part);
      textLength += part;
      from += part;
      left -= part;
    }
  }

  /**
   * Hands on to the stream beneath what is coded, and flushes it. What was written last may not be
   * coded yet: a block begins and ends where it did without flushing, so that flushing costs
   * nothing. With {@link TrcOptions#syncFlush} all that was written so far becomes decodable; that
   * ends the block, waits for it, and costs some compression, since the next block starts without a
   * context.
   */
  @Override
  public void flush() throws IOException {
    check();
    if (finished) {
      out.flush();
      return;
    }
    guard(
        () -> {
          if (syncFlush) {
            takeChunk();
            encoder.flush();
          } else {
            encoder.writeReady();
          }
          out.flush();
        });
  }

  /**
   * Ends the compressed stream without closing the one beneath. Nothing may be written after it;
   * finishing twice does nothing.
   */
  public void finish() throws IOException {
    check();
    if (finished) {
      return;
    }
    guard(
        () -> {
          takeChunk();
          encoder.finish();
        });
    finished = true;
    encoder.close();
  }

  /** Finishes and closes the stream beneath. Closing twice does nothing. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    try (OutputStream beneath = out) {
      if (failure == null && !finished) {
        finish();
      }
      if (failure == null) {
        beneath.flush();
      }
    } finally {
      closed = true;
      encoder.close();
    }
    if (failure != null) {
      throw FailedStream.again(failure);
    }
  }

  private void check() throws IOException {
    if (failure != null) {
      throw FailedStream.again(failure);
    }
    if (closed) {
      throw new IOException("the stream is closed");
    }
  }

  private void checkWritable() throws IOException {
    check();
    if (finished) {
      throw new IOException("the stream is finished");
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  /** Runs a step; what it throws is what every later call throws. */
  private void guard(Step step) throws IOException {
    try {
      step.run();
    } catch (IOException e) {
      failure = e;
      throw e;
    } catch (RuntimeException | Error e) {
      failure = new TrcException("compression failed: " + e, e);
      throw e;
    }
  }

  private void endChunk() throws IOException {
    guard(this::takeChunk);
  }

  private void takeChunk() throws IOException {
    if (textLength > 0) {
      encoder.add(text, textLength);
      textLength = 0;
    }
  }
}
