package io.trc.cli;

import io.trc.files.Attributes;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A file that appears in its place only when it is complete. */
final class FileOutput extends Output {
  private final Path target;
  private final boolean overwrite;
  private final Unfinished unfinished;
  private final Unfinished.Begun begun;
  private final Sink sink;

  /** Begins the file. */
  static FileOutput begin(Path target, boolean overwrite, Unfinished unfinished)
      throws IOException {
    try {
      if (Files.isDirectory(target)) {
        throw new FileSystemException(target.toString(), null, "is a folder");
      }
      if (exists(target) && !overwrite) {
        throw new FileAlreadyExistsException(target.toString());
      }
      Path folder = target.toAbsolutePath().getParent();
      if (folder == null) {
        throw new FileSystemException(target.toString(), null, "is no place for a file");
      }
      return new FileOutput(target, overwrite, unfinished, unfinished.begin(folder));
    } catch (IOException e) {
      throw new Failure(target.toString(), e);
    }
  }

  /** Whether there is a file, or a link; throws if there never can be one, as with long names. */
  private static boolean exists(Path target) throws IOException {
    try {
      Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException e) {
      return false;
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

  /** What was written, from the start; nothing more is to be written then. */
  InputStream written() throws IOException {
    sink.flush();
    begun.channel().position(0);
    // The file is not opened again, for closing it would give up its lock (see fcntl).
    return new FilterInputStream(Channels.newInputStream(begun.channel())) {
      @Override
      public void close() {}
    };
  }

  /** Makes sure that the bytes survive a loss of power. */
  void force() throws IOException {
    sink.flush();
    begun.channel().force(true);
  }

  /**
   * Gives it the attributes of the regular file that it was made from. Where it was made from
   * something else, it gets the permissions of the file that it replaces, or those of any new one.
   */
  void dressAs(@Nullable Path source) throws IOException {
    sink.flush();
    if (source != null) {
      Attributes.of(source).putOn(begun.path());
    } else if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      Attributes.of(target).putRightsOn(begun.path());
    } else {
      unfinished.dressAsNew(begun.path());
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

  /** Makes sure that the name survives a loss of power too, before the source goes. */
  void settle() throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder != null && Attributes.posix(folder)) {
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
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
