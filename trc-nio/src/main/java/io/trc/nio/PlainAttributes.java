package io.trc.nio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The attributes of a stored file with its plain size. */
class PlainAttributes implements TrcFileAttributes {
  private final BasicFileAttributes stored;
  private final Failures.Step<Long> length;
  private final boolean compressed;

  /** Negative as long as nobody asked. */
  private long size = -1;

  private PlainAttributes(
      BasicFileAttributes stored, Failures.Step<Long> length, boolean compressed) {
    this.stored = stored;
    this.length = length;
    this.compressed = compressed;
  }

  /** Reads all but the size, which is found when it is asked for: that opens the file. */
  static <A extends BasicFileAttributes> A read(
      Entry entry, Class<A> type, Failures.Step<Long> length) throws IOException {
    Path file = entry.there();
    boolean compressed = entry.isPacked();
    LinkOption noLinks = LinkOption.NOFOLLOW_LINKS;
    PlainAttributes attributes;
    if (type == BasicFileAttributes.class || type == TrcFileAttributes.class) {
      attributes = new PlainAttributes(entry.attributesThere(), length, compressed);
    } else if (type == PosixFileAttributes.class) {
      PosixFileAttributes stored = Files.readAttributes(file, PosixFileAttributes.class, noLinks);
      attributes = new Posix(stored, length, compressed);
    } else if (type == DosFileAttributes.class) {
      DosFileAttributes stored = Files.readAttributes(file, DosFileAttributes.class, noLinks);
      attributes = new Dos(stored, length, compressed);
    } else {
      throw new UnsupportedOperationException(type + " is not supported");
    }
    return type.cast(attributes);
  }

  @Override
  public boolean isCompressed() {
    return compressed;
  }

  @Override
  public long compressedSize() {
    return stored.size();
  }

  @Override
  public long size() {
    if (!compressed) {
      return stored.size();
    }
    synchronized (this) {
      if (size < 0) {
        try {
          size = length.run();
        } catch (IOException e) {
          Failures.<RuntimeException>throwUndeclared(e);
        }
      }
      return size;
    }
  }

  @Override
  public FileTime lastModifiedTime() {
    return stored.lastModifiedTime();
  }

  @Override
  public FileTime lastAccessTime() {
    return stored.lastAccessTime();
  }

  @Override
  public FileTime creationTime() {
    return stored.creationTime();
  }

  @Override
  public boolean isRegularFile() {
    return stored.isRegularFile();
  }

  @Override
  public boolean isDirectory() {
    return stored.isDirectory();
  }

  @Override
  public boolean isSymbolicLink() {
    return stored.isSymbolicLink();
  }

  @Override
  public boolean isOther() {
    return stored.isOther();
  }

  @Override
  public @Nullable Object fileKey() {
    return stored.fileKey();
  }

  private static final class Posix extends PlainAttributes implements PosixFileAttributes {
    private final PosixFileAttributes stored;

    Posix(PosixFileAttributes stored, Failures.Step<Long> length, boolean compressed) {
      super(stored, length, compressed);
      this.stored = stored;
    }

    @Override
    public UserPrincipal owner() {
      return stored.owner();
    }

    @Override
    public GroupPrincipal group() {
      return stored.group();
    }

    @Override
    public Set<PosixFilePermission> permissions() {
      return stored.permissions();
    }
  }

  private static final class Dos extends PlainAttributes implements DosFileAttributes {
    private final DosFileAttributes stored;

    Dos(DosFileAttributes stored, Failures.Step<Long> length, boolean compressed) {
      super(stored, length, compressed);
      this.stored = stored;
    }

    @Override
    public boolean isReadOnly() {
      return stored.isReadOnly();
    }

    @Override
    public boolean isHidden() {
      return stored.isHidden();
    }

    @Override
    public boolean isArchive() {
      return stored.isArchive();
    }

    @Override
    public boolean isSystem() {
      return stored.isSystem();
    }
  }
}
