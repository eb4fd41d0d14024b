package io.trc;

import io.trc.block.BlockDecoder;
import io.trc.block.BlockEncoder;
import io.trc.block.Payload;
import io.trc.container.Block;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Blocks of text that follow each other. LZMA2 finds more in a long block than in the short ones
 * that suit the model, so a group is either its blocks as they are, or one LZMA2 block where that
 * is smaller.
 */
final class TextGroup {
  /** The plain bytes that make a group full: 512 KiB. */
  static final int FULL = 1 << 19;

  /** What a block of a member costs beside its payload, about, index included. */
  private static final int RECORD = 22;

  private final int lzmaPreset;
  private final List<Block> blocks = new ArrayList<>();
  private final ByteArrayOutputStream plain = new ByteArrayOutputStream();

  TextGroup(int lzmaPreset) {
    this.lzmaPreset = lzmaPreset;
  }

  void add(Block block, byte[] text) {
    blocks.add(block);
    plain.writeBytes(text);
  }

  boolean isFull() {
    return plain.size() >= FULL;
  }

  /** The blocks to write, after which the group is empty. */
  List<Block> end() throws IOException {
    List<Block> chosen = List.copyOf(blocks);
    byte[] text = plain.toByteArray();
    blocks.clear();
    plain.reset();
    if (chosen.size() < 2) {
      return chosen;
    }
    Payload joint = BlockEncoder.encodeBinary(text, 0, text.length, lzmaPreset);
    long apart = chosen.stream().mapToLong(block -> block.payload().length + RECORD).sum();
    if (joint.bytes().length + RECORD >= apart) {
      return chosen;
    }
    if (!Arrays.equals(BlockDecoder.decodeBinary(joint), text)) {
      throw new TrcException("LZMA2 does not give back what it was given");
    }
    return List.of(
        Block.coded(BlockCodings.method(joint.coding()), text, 0, text.length, joint.bytes()));
  }
}
