package io.trc.nio;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The store beneath; its space is counted in stored bytes. */
final class TrcFileStore extends FileStore {
  private static final Map<Class<? extends FileAttributeView>, String> VIEWS =
      Map.of(
          BasicFileAttributeView.class, "basic",
          TrcFileAttributeView.class, "trc",
          PosixFileAttributeView.class, "posix",
          FileOwnerAttributeView.class, "owner",
          DosFileAttributeView.class, "dos");

  private final FileStore stored;
  private final boolean readOnly;
  private final Set<String> views;

  TrcFileStore(FileStore stored, boolean readOnly, Set<String> views) {
    this.stored = stored;
    this.readOnly = readOnly;
    this.views = views;
  }

  @Override
  public String name() {
    return stored.name();
  }

  @Override
  public String type() {
    return "trc";
  }

  @Override
  public boolean isReadOnly() {
    return readOnly || stored.isReadOnly();
  }

  @Override
  public long getTotalSpace() throws IOException {
    return stored.getTotalSpace();
  }

  @Override
  public long getUsableSpace() throws IOException {
    return readOnly ? 0 : stored.getUsableSpace();
  }

  @Override
  public long getUnallocatedSpace() throws IOException {
    return readOnly ? 0 : stored.getUnallocatedSpace();
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    String view = VIEWS.get(type);
    return view != null && supportsFileAttributeView(view);
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return views.contains(name)
        && (name.equals("basic") || name.equals("trc") || stored.supportsFileAttributeView(name));
  }

  @Override
  public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
    return stored.getFileStoreAttributeView(type);
  }

  @Override
  public Object getAttribute(String attribute) throws IOException {
    return switch (attribute) {
      case "totalSpace" -> getTotalSpace();
      case "usableSpace" -> getUsableSpace();
      case "unallocatedSpace" -> getUnallocatedSpace();
      default -> stored.getAttribute(attribute);
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TrcFileStore store
        && store.stored.equals(stored)
        && store.readOnly == readOnly;
  }

  @Override
  public int hashCode() {
    return stored.hashCode();
  }

  @Override
  public String toString() {
    return "trc:" + stored;
  }
}
