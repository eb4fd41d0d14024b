package io.trc.member;

import io.trc.container.Block;
import io.trc.container.BlockMethod;
import io.trc.container.MemberWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes blocks in order, in as many members as it takes. Stored blocks that follow each other are
 * joined, so that what cannot be compressed hardly grows. A member names the model only if its
 * first block needs it, so that data without text neither name nor load one; the first block that
 * needs it then begins another member.
 */
final class MemberSink {
  private final OutputStream out;
  private final Plan plan;
  private @Nullable MemberWriter writer;
  private final ByteArrayOutputStream stored = new ByteArrayOutputStream();

  MemberSink(OutputStream out, Plan plan) {
    this.out = out;
    this.plan = plan;
  }

  /** Takes a block that later ones may start from: the first of a member. */
  void writeBase(Block block) throws IOException {
    endStored();
    finishMember();
    put(block);
  }

  /** Takes a block, which may be written later. */
  void write(Block block) throws IOException {
    if (block.method() == BlockMethod.STORED && block.plainLength() < plan.binaryBlock()) {
      if (stored.size() + block.plainLength() > plan.binaryBlock()) {
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

  private void put(Block block) throws IOException {
    MemberWriter current = writer;
    if (current != null && !current.takes(block)) {
      finishMember();
      current = null;
    }
    if (current == null) {
      current = new MemberWriter(out, plan.header(block.method().needsModel()));
      writer = current;
    }
    current.write(block);
  }

  private void finishMember() throws IOException {
    if (writer != null) {
      writer.finish();
      writer = null;
    }
  }

  /** Writes all that was taken. */
  void flush() throws IOException {
    endStored();
    if (writer != null) {
      writer.release();
    }
  }

  /** Writes all that was taken and ends the last member. */
  void finish() throws IOException {
    endStored();
    MemberWriter last = writer == null ? new MemberWriter(out, plan.header(false)) : writer;
    last.finish();
  }
}
