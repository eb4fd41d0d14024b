package io.trc.member;

import io.trc.TrcFormatException;
import io.trc.container.Block;
import io.trc.container.MemberReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a stream of members back into plain bytes: what a {@link StreamEncoder} does, backwards.
 *
 * <p>Confined to one thread at a time; it uses several itself.
 */
public final class StreamDecoder implements AutoCloseable {
  private final InputStream in;
  private final Plan plan;
  private final ReadAhead ahead;
  private final ArrayDeque<byte[]> plain = new ArrayDeque<>();

  private @Nullable MemberReader member;
  private Bases bases = new Bases();
  private @Nullable MemberDecoder decoder;
  private long readBefore;
  private boolean begun;
  private boolean ended;
  private @Nullable IOException later;

  /** Creates a decoder; nothing is read before the first block is wanted. */
  public StreamDecoder(InputStream in, Plan plan) {
    this.in = in;
    this.plan = plan;
    ahead = new ReadAhead(plan);
  }

  /**
   * The plain bytes of the next block, or null at the end.
   *
   * @throws IOException if reading fails, or one of the kinds that {@link MemberReader} and {@link
   *     MemberDecoder} throw; the blocks before the damage come first
   */
  public byte @Nullable [] next() throws IOException {
    while (plain.isEmpty()) {
      if (later != null) {
        throw later;
      }
      if (ended) {
        return null;
      }
      decodeMore();
    }
    return plain.remove();
  }

  /** The number of bytes taken from the stream so far. */
  public long read() {
    return readBefore + (member == null ? 0 : member.read());
  }

  private void decodeMore() throws IOException {
    MemberReader reader = member == null ? nextMember() : member;
    if (reader == null) {
      end();
      return;
    }
    member = reader;
    MemberDecoder blocks = MemberDecoder.instead(decoder, reader.header(), plan);
    decoder = blocks;
    List<Block> batch = new ArrayList<>();
    boolean atEnd = false;
    ahead.begin();
    try {
      while (!atEnd && ahead.wantsMore()) {
        Block block = reader.next();
        if (block == null) {
          atEnd = true;
        } else {
          batch.add(block);
          ahead.add(block);
        }
      }
    } catch (IOException e) {
      // What came before the damage is still good, and wanted first.
      if (batch.isEmpty()) {
        throw e;
      }
      later = e;
    }
    if (!batch.isEmpty()) {
      plain.addAll(blocks.decode(batch, 0, bases));
      ahead.end();
    }
    if (atEnd) {
      readBefore += reader.read();
      member = null;
      bases = new Bases();
      if (!plan.concatenated()) {
        end();
      }
    }
  }

  private @Nullable MemberReader nextMember() throws IOException {
    MemberReader reader = MemberReader.open(in, readBefore, plan.memoryLimit());
    if (reader == null && !begun) {
      throw new TrcFormatException("the input is empty, which is no .trc stream");
    }
    begun = true;
    return reader;
  }

  /** Nothing more is decoded, so the threads and lanes go now and not only with the stream. */
  private void end() {
    ended = true;
    close();
  }

  /** Frees what decoding took. What was decoded can still be had. */
  @Override
  public void close() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }
}
