package io.trc.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that appears in its place only when it is complete. */
final class FileOutput extends Output {
  private final Path target;
  private final boolean overwrite;
  private final Unfinished unfinished;
  private final Unfinished.Begun begun;
  private final Sink sink;

  /**
   * Begins the file.
   *
   * @param source the file whose attributes it gets, or null
   */
  static FileOutput begin(
      Path target, boolean overwrite, @Nullable Path source, Unfinished unfinished)
      throws IOException {
    try {
      if (Files.isDirectory(target)) {
        throw new FileSystemException(target.toString(), null, "is a folder");
      }
      if (!overwrite && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      Path folder = target.toAbsolutePath().getParent();
      if (folder == null) {
        throw new FileSystemException(target.toString(), null, "is no place for a file");
      }
      return new FileOutput(
          target, overwrite, unfinished, unfinished.begin(folder, source != null));
    } catch (IOException e) {
      throw new Failure(target.toString(), e);
    }
  }

  private FileOutput(
      Path target, boolean overwrite, Unfinished unfinished, Unfinished.Begun begun) {
    super(target.toString());
    this.target = target;
    this.overwrite = overwrite;
    this.unfinished = unfinished;
    this.begun = begun;
    this.sink =
        new Sink(
            target.toString(),
            new BufferedOutputStream(Channels.newOutputStream(begun.channel()), 1 << 16));
  }

  @Override
  Sink sink() {
    return sink;
  }

  /** The file under its hidden name. */
  Path written() {
    return begun.path();
  }

  /** Makes sure that the bytes survive a loss of power. */
  void force() throws IOException {
    sink.flush();
    begun.channel().force(true);
  }

  /** Gives it the attributes of the file that it was made from. */
  void dressAs(Path source) throws IOException {
    sink.flush();
    try {
      Attributes.copy(source, begun.path());
    } catch (IOException e) {
      throw new Failure(name(), e);
    }
  }

  @Override
  void commit() throws IOException {
    sink.flush();
    try {
      begun.channel().close();
      unfinished.move(begun.path(), target, overwrite);
    } catch (IOException e) {
      throw new Failure(name(), e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      begun.channel().close();
    } finally {
      unfinished.discard(begun.path());
    }
  }
}
