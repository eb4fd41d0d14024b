package io.trc;

import io.trc.block.BlockDecoder;
import io.trc.block.BlockEncoder;
import io.trc.block.Payload;
import io.trc.block.PlainText;
import io.trc.container.Block;
import io.trc.container.ModelReference;
import io.trc.container.StreamHeader;
import io.trc.predict.LanguageModel;
import io.trc.predict.Numerics;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
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
  /** What is no text is coded in blocks of this many bytes: 4 MiB. */
  static final int BINARY_BLOCK = TrcOptions.BLOCK_SIZE_MAX;

  private final OutputStream out;
  private final TrcOptions options;
  private final MemberSink sink;
  private final BlockWorkers<Encoding> workers;
  private final ArrayDeque<Future<Block>> pending = new ArrayDeque<>();
  private final byte[] text;
  private int textLength;
  private byte[] binary = new byte[0];
  private int binaryLength;
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
    this.options = Objects.requireNonNull(options, "options");
    options.checkEncodingMemory();
    text = new byte[options.blockSize()];
    sink = new MemberSink(out, new OptionHeaders(options), BINARY_BLOCK);
    workers = new BlockWorkers<>(options.threads(), "trc-encoder", () -> new Encoding(options));
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
   * Makes all that was written so far decodable: ends the block, waits for it and flushes the
   * stream beneath. Each flush costs some compression, since the next block starts without a
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
          drain();
          sink.flush();
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
          drain();
          sink.finish();
        });
    finished = true;
    workers.close();
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
      workers.close();
    }
  }

  private void check() throws IOException {
    if (failure != null) {
      throw failure;
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

  /** Gives the chunk to a worker, or puts it with the other bytes that are no text. */
  private void takeChunk() throws IOException {
    if (textLength == 0) {
      return;
    }
    if (PlainText.maybe(text, 0, textLength)) {
      endBinary();
      byte[] chunk = Arrays.copyOf(text, textLength);
      textLength = 0;
      submit(encoding -> encoding.text(chunk));
      return;
    }
    int needed = binaryLength + textLength;
    if (binary.length < needed) {
      binary = Arrays.copyOf(binary, Math.max(needed, Math.min(2 * needed, BINARY_BLOCK)));
    }
    System.arraycopy(text, 0, binary, binaryLength, textLength);
    binaryLength = needed;
    textLength = 0;
    if (binaryLength >= BINARY_BLOCK) {
      endBinary();
    }
  }

  private void endBinary() throws IOException {
    if (binaryLength > 0) {
      byte[] chunk = Arrays.copyOf(binary, binaryLength);
      binaryLength = 0;
      submit(encoding -> encoding.binary(chunk));
    }
  }

  private void submit(BlockWorkers.Work<Encoding, Block> work) throws IOException {
    pending.add(workers.submit(work));
    while (pending.size() > 2 * (options.threads() - 1)) {
      writeOldest();
    }
  }

  private void writeOldest() throws IOException {
    sink.write(BlockWorkers.await(pending.remove()));
  }

  private void drain() throws IOException {
    takeChunk();
    endBinary();
    while (!pending.isEmpty()) {
      writeOldest();
    }
  }

  /** What one thread encodes with. */
  private static final class Encoding implements AutoCloseable {
    private final TrcOptions options;
    private @Nullable BlockEncoder encoder;
    private @Nullable BlockDecoder verifier;

    Encoding(TrcOptions options) {
      this.options = options;
    }

    Block binary(byte[] plain) throws IOException {
      return block(BlockEncoder.encodeBinary(plain, 0, plain.length, options.lzmaPreset()), plain);
    }

    Block text(byte[] plain) throws IOException {
      if (encoder == null) {
        LanguageModel model = options.language();
        encoder =
            new BlockEncoder(
                model, options.coder().coding(), options.window(model), options.lzmaPreset(), null);
      }
      return block(encoder.encode(plain, 0, plain.length), plain);
    }

    private Block block(Payload payload, byte[] plain) throws IOException {
      if (options.verify()) {
        verify(payload, plain);
      }
      return Block.coded(
          BlockCodings.method(payload.coding()), plain, 0, plain.length, payload.bytes());
    }

    private void verify(Payload payload, byte[] plain) throws IOException {
      byte[] decoded;
      if (payload.coding().needsModel()) {
        if (verifier == null) {
          LanguageModel model = options.language();
          verifier = new BlockDecoder(model, options.window(model), null);
        }
        decoded = verifier.decode(List.of(payload))[0];
      } else {
        decoded = BlockDecoder.decodeBinary(payload);
      }
      if (!Arrays.equals(decoded, plain)) {
        throw new TrcNumericsException(
            "a block did not decode to what was written; nothing of it was kept");
      }
    }

    @Override
    public void close() {
      if (encoder != null) {
        encoder.close();
      }
      if (verifier != null) {
        verifier.close();
      }
    }
  }

  /** The headers that the options ask for. */
  private record OptionHeaders(TrcOptions options) implements MemberSink.Headers {
    private static final int BINARY_BLOCK_LOG2 = Integer.numberOfTrailingZeros(BINARY_BLOCK);

    @Override
    public StreamHeader withModel() throws IOException {
      TrcModel model = options.model();
      LanguageModel language = options.language();
      Numerics numerics = language.numerics();
      return new StreamHeader(
          BINARY_BLOCK_LOG2,
          new ModelReference(
              model.digest(),
              numerics.profile().id(),
              numerics.fingerprint(),
              !numerics.shapeInvariant(),
              Integer.numberOfTrailingZeros(options.window(language))));
    }

    @Override
    public StreamHeader withoutModel() {
      return new StreamHeader(BINARY_BLOCK_LOG2, null);
    }
  }
}
