package io.trc.nio;

import io.trc.TrcException;
import io.trc.TrcInfo;
import io.trc.TrcOptions;
import io.trc.TrcSeekableInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The small members at the end of a .trc file, which become one with what is appended: many small
 * ones take more room than what is in them.
 *
 * <p>A member goes into one that is at least twice as long, and none gets longer than a block. So a
 * byte is coded anew as often as a block can be halved, at most, and the members that are left are
 * as few as the digits of their number in binary.
 */
final class Tail {
  private final Path file;
  private final long position;
  private final byte[] plain;

  private Tail(Path file, long position, byte[] plain) {
    this.file = file;
    this.position = position;
    this.plain = plain;
  }

  /**
   * Decodes the members that belong together with so many new bytes.
   *
   * @param added the plain bytes that come after them
   */
  static Tail of(Path file, long added, TrcOptions options) throws IOException {
    SeekableByteChannel channel = Files.newByteChannel(file);
    try (TrcSeekableInputStream in = new TrcSeekableInputStream(channel, options)) {
      List<TrcInfo.Member> members = TrcInfo.members(channel);
      long length = added;
      long position = channel.size();
      for (int i = members.size() - 1; i >= 0; i--) {
        TrcInfo.Member member = members.get(i);
        if (member.plainLength() > length || member.plainLength() + length > options.blockSize()) {
          break;
        }
        length += member.plainLength();
        position = member.position();
      }
      try {
        in.seek(in.length() - (length - added));
        return new Tail(file, position, in.readAllBytes());
      } catch (TrcException e) {
        // What cannot be decoded here stays as it is; that is no reason not to append.
        return new Tail(file, channel.size(), new byte[0]);
      }
    }
  }

  /** The plain bytes of the members. */
  byte[] plain() {
    return plain;
  }

  /** Copies the stored bytes before them. */
  void copyWhatIsBefore(OutputStream out) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      long left = position;
      while (left > 0) {
        byte[] piece = in.readNBytes((int) Math.min(Content.PIECE, left));
        if (piece.length == 0) {
          throw new IOException("the file got shorter while it was copied");
        }
        out.write(piece);
        left -= piece.length;
      }
    }
  }
}
