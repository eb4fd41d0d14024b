package io.trc.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import org.apache.hadoop.fs.Seekable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputChannelTest {
  /** How a stream tells what is left, and what it does behind the end. */
  private enum Kind {
    ALL,
    ALL_EOF,
    NOTHING,
    NOTHING_EOF,
    A_BUFFER,
    A_BUFFER_EOF,
    ONE
  }

  /** A file of which byte n is n mod 251. */
  private static final class Pattern extends InputStream implements Seekable {
    private final long size;
    private final Kind kind;
    private long position = 1;
    int seeks;

    Pattern(long size, Kind kind) {
      this.size = size;
      this.kind = kind;
    }

    @Override
    public int available() {
      long left = Math.max(0, size - position);
      long told =
          switch (kind) {
            case ALL, ALL_EOF -> left;
            case NOTHING, NOTHING_EOF -> 0;
            case A_BUFFER, A_BUFFER_EOF -> Math.min(left, 4096);
            case ONE -> Math.min(left, 1);
          };
      return (int) Math.min(told, Integer.MAX_VALUE);
    }

    @Override
    public int read() {
      return position < size ? (int) (position++ % 251) : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      int count = (int) Math.min(length, size - position);
      for (int i = 0; i < count; i++) {
        bytes[offset + i] = (byte) read();
      }
      return count > 0 ? count : -1;
    }

    @Override
    public void seek(long target) throws IOException {
      seeks++;
      if (target > size && kind.name().endsWith("EOF")) {
        throw new EOFException("behind the end");
      }
      position = target;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theSizeIsFoundWhateverIsAvailable(Kind kind) throws IOException {
    for (long size :
        new long[] {0, 1, 2, 4096, 65_536, 65_537, 1_000_003, Integer.MAX_VALUE, 9_000_000_011L}) {
      Pattern file = new Pattern(size, kind);
      assertThat(new InputChannel(file).size()).isEqualTo(size);
      assertThat(file.seeks).isLessThan(80);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bytesAreReadFromAnyPosition(boolean direct) throws IOException {
    try (InputChannel channel = new InputChannel(new Pattern(1000, Kind.ALL))) {
      ByteBuffer target = direct ? ByteBuffer.allocateDirect(10) : ByteBuffer.allocate(10);
      channel.position(600);
      target.position(3);
      assertThat(channel.read(target)).isEqualTo(7);
      assertThat(channel.position()).isEqualTo(607);
      assertThat(target.get(3)).isEqualTo((byte) (600 % 251));
      assertThat(target.get(9)).isEqualTo((byte) (606 % 251));
      channel.position(995);
      target.clear();
      assertThat(channel.read(target)).isEqualTo(5);
      assertThat(channel.read(target)).isEqualTo(-1);
      assertThat(channel.position(2000).read(target)).isEqualTo(-1);
    }
  }

  @Test
  void nothingIsWritten() throws IOException {
    InputChannel channel = new InputChannel(new Pattern(10, Kind.ALL));
    assertThat(channel.isOpen()).isTrue();
    assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
        .isInstanceOf(NonWritableChannelException.class);
    assertThatThrownBy(() -> channel.truncate(1)).isInstanceOf(NonWritableChannelException.class);
    channel.close();
    assertThat(channel.isOpen()).isFalse();
  }
}
