package io.trc.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A stored file that all readers of an archive share. Interrupting one of them closes the channel
 * beneath, whatever the others do; whoever comes next opens the file again. Confined to one thread
 * at a time.
 */
final class SharedFile implements SeekableByteChannel {
  private final Path path;
  private final Version version;
  private SeekableByteChannel channel;
  private long position;
  private boolean open = true;

  SharedFile(Path path) throws IOException {
    this.path = path;
    this.channel = Files.newByteChannel(path);
    this.version = version(path);
  }

  private static Version version(Path path) throws IOException {
    return Version.of(Files.readAttributes(path, BasicFileAttributes.class));
  }

  private SeekableByteChannel channel() throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (!channel.isOpen()) {
      SeekableByteChannel again = Files.newByteChannel(path);
      if (!version(path).isSame(version)) {
        again.close();
        throw new FileSystemException(path.toString(), null, "it was replaced while it was open");
      }
      channel = again;
    }
    return channel;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int count = channel().position(position).read(target);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public long position() throws IOException {
    channel();
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) throws IOException {
    channel();
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws IOException {
    return channel().size();
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    channel.close();
  }
}
