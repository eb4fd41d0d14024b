package io.trc;

import io.trc.container.Block;
import io.trc.container.BlockMethod;
import io.trc.container.MemberWriter;
import io.trc.container.StreamHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the blocks of one member in order. It joins stored blocks that follow each other, so that
 * what cannot be compressed hardly grows, and leaves the model out of the header where the whole
 * member turns out to be a single block without one.
 */
final class MemberSink {
  /** The header with the model, made when it is first needed. */
  interface Headers {
    StreamHeader withModel() throws IOException;

    StreamHeader withoutModel();
  }

  private final OutputStream out;
  private final Headers headers;
  private final int maxBlock;
  private @Nullable MemberWriter writer;
  private @Nullable Block held;
  private final ByteArrayOutputStream stored = new ByteArrayOutputStream();

  MemberSink(OutputStream out, Headers headers, int maxBlock) {
    this.out = out;
    this.headers = headers;
    this.maxBlock = maxBlock;
  }

  /** Takes a block, which may be written later. */
  void write(Block block) throws IOException {
    if (block.method() == BlockMethod.STORED && block.plainLength() < maxBlock) {
      if (stored.size() + block.plainLength() > maxBlock) {
        endStored();
      }
      stored.write(block.payload());
      return;
    }
    endStored();
    put(block);
  }

  private void endStored() throws IOException {
    if (stored.size() > 0) {
      byte[] bytes = stored.toByteArray();
      stored.reset();
      put(Block.stored(bytes));
    }
  }

  /** Holds back the first block as long as it may be the only one. */
  private void put(Block block) throws IOException {
    if (writer == null && held == null) {
      held = block;
      return;
    }
    begin().write(block);
  }

  private MemberWriter begin() throws IOException {
    if (writer != null && writer.isFull()) {
      writer.finish();
      writer = null;
    }
    if (writer == null) {
      writer = new MemberWriter(out, headers.withModel());
      writeHeld(writer);
    }
    return writer;
  }

  private void writeHeld(MemberWriter to) throws IOException {
    if (held != null) {
      to.write(held);
      held = null;
    }
  }

  /** Writes all that was taken. */
  void flush() throws IOException {
    endStored();
    if (held != null || writer != null) {
      begin().release();
    }
  }

  /** Writes all that was taken and ends the member. */
  void finish() throws IOException {
    endStored();
    MemberWriter last = writer;
    if (last == null) {
      boolean needsModel = held != null && held.method().needsModel();
      last = new MemberWriter(out, needsModel ? headers.withModel() : headers.withoutModel());
      writeHeld(last);
    }
    last.finish();
  }
}
