package io.trc;

import io.trc.container.Archive;
import io.trc.container.Block;
import io.trc.container.BlockEntry;
import io.trc.container.BlockMethod;
import io.trc.container.ModelReference;
import io.trc.models.ModelFinder;
import io.trc.predict.NumericsProfile;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a .trc file says of itself; no model is needed and nothing is decoded.
 *
 * <pre>{@code
 * TrcInfo info = TrcInfo.read(Path.of("book.txt.trc"));
 * System.out.println(info.plainLength() + " -> " + info.compressedLength());
 * }</pre>
 *
 * @param plainLength the plain bytes
 * @param compressedLength the bytes of the file
 * @param members the members, one unless streams were put together
 * @param blocks the blocks of all members
 * @param coders how many blocks use each coding, by name: stored, lzma2, huffman, range, mixed,
 *     bytes
 * @param linked how many blocks start from what another one taught
 * @param models the models that are named, each once
 */
public record TrcInfo(
    long plainLength,
    long compressedLength,
    int members,
    int blocks,
    Map<String, Integer> coders,
    int linked,
    List<Model> models) {

  /**
   * A model as an archive names it.
   *
   * @param digest the first 16 hexadecimal digits of the SHA-256 of its GGUF file
   * @param numerics the arithmetic: a profile's name, or "profile N" where this version knows none
   * @param fingerprint of the logits for the canary
   * @param window the context window in tokens
   */
  public record Model(String digest, String numerics, int fingerprint, int window) {}

  /**
   * A member of a file.
   *
   * @param position its first byte in the file
   * @param length its bytes there
   * @param plainLength its plain bytes
   */
  public record Member(long position, long length, long plainLength) {}

  /** Checks and copies. */
  public TrcInfo {
    coders = java.util.Collections.unmodifiableMap(new TreeMap<>(coders));
    models = List.copyOf(models);
  }

  /** Compressed by plain length, or 1 for an empty file. */
  public double ratio() {
    return plainLength == 0 ? 1 : (double) compressedLength / plainLength;
  }

  /** Compressed bits for each plain byte, or 0 for an empty file. */
  public double bitsPerByte() {
    return plainLength == 0 ? 0 : 8.0 * compressedLength / plainLength;
  }

  /**
   * Reads what a file says, and verifies the checksums of all blocks.
   *
   * @throws TrcFormatException if it is no .trc file
   * @throws TrcCorruptedException if it is damaged or truncated
   */
  public static TrcInfo read(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      return read(channel);
    }
  }

  /** Reads what a file says; see {@link #read(Path)}. The channel stays open. */
  public static TrcInfo read(SeekableByteChannel channel) throws IOException {
    Archive archive = Archive.read(channel, Long.MAX_VALUE);
    Map<BlockMethod, Integer> methods = new EnumMap<>(BlockMethod.class);
    List<Model> models = new ArrayList<>();
    int blocks = 0;
    int linked = 0;
    for (io.trc.container.Member member : archive.members()) {
      Model model = model(member.header().model());
      if (model != null && !models.contains(model)) {
        models.add(model);
      }
      for (BlockEntry entry : member.blocks()) {
        Block block = archive.readBlock(channel, member, entry);
        methods.merge(block.method(), 1, Integer::sum);
        blocks++;
        linked += block.isLinked() ? 1 : 0;
      }
    }
    Map<String, Integer> coders = new TreeMap<>();
    methods.forEach((method, count) -> coders.put(method.name().toLowerCase(Locale.ROOT), count));
    return new TrcInfo(
        archive.plainLength(),
        channel.size(),
        archive.members().size(),
        blocks,
        coders,
        linked,
        models);
  }

  /**
   * The plain length of a file: for one member in constant time, whatever its size.
   *
   * @throws TrcFormatException if it is no .trc file
   * @throws TrcCorruptedException if damage is in the way
   */
  public static long plainLength(SeekableByteChannel channel) throws IOException {
    return Archive.plainLength(channel);
  }

  /**
   * The members of a file in order. Nothing is decoded, and blocks are not verified.
   *
   * @throws TrcFormatException if it is no .trc file
   * @throws TrcCorruptedException if damage is in the way
   */
  public static List<Member> members(SeekableByteChannel channel) throws IOException {
    return Archive.read(channel, Long.MAX_VALUE).members().stream()
        .map(member -> new Member(member.position(), member.length(), member.plainLength()))
        .toList();
  }

  private static @Nullable Model model(@Nullable ModelReference reference) {
    if (reference == null) {
      return null;
    }
    NumericsProfile profile = NumericsProfile.ofId(reference.profile());
    return new Model(
        ModelFinder.hex(reference.digest()),
        profile == null ? "profile " + reference.profile() : profile.label(),
        reference.fingerprint(),
        reference.window());
  }
}
