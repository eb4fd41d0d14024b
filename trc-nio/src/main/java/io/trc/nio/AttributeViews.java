package io.trc.nio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The views of one path in an overlay. They find the stored file anew at every call. */
final class AttributeViews {
  private final OverlayFileSystem fileSystem;
  private final TrcPath path;
  private final boolean follow;

  AttributeViews(OverlayFileSystem fileSystem, TrcPath path, boolean follow) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.follow = follow;
  }

  /** A view, or null if there is none of that type. */
  <V extends FileAttributeView> @Nullable V of(Class<V> type) {
    FileAttributeView view;
    if (type == BasicFileAttributeView.class) {
      view = new Basic("basic");
    } else if (type == TrcFileAttributeView.class) {
      view = new Basic("trc");
    } else if (type == PosixFileAttributeView.class && has("posix")) {
      view = new Posix();
    } else if (type == FileOwnerAttributeView.class && has("owner")) {
      view = new Owner();
    } else if (type == DosFileAttributeView.class && has("dos")) {
      view = new Dos();
    } else {
      return null;
    }
    return type.cast(view);
  }

  private boolean has(String view) {
    return fileSystem.supportedFileAttributeViews().contains(view);
  }

  private interface Change<V> {
    void on(V view) throws IOException;
  }

  private interface Reading<V, T> {
    T from(V view) throws IOException;
  }

  private <V extends FileAttributeView> V stored(Class<V> type) throws IOException {
    Path file = fileSystem.entry(path, follow).there();
    V view = Files.getFileAttributeView(file, type, LinkOption.NOFOLLOW_LINKS);
    if (view == null) {
      throw new UnsupportedOperationException(type + " is not supported");
    }
    return view;
  }

  private <V extends FileAttributeView> void change(Class<V> type, Change<V> change)
      throws IOException {
    fileSystem.checkWritable();
    Failures.naming(
        path,
        () -> {
          V view = stored(type);
          change.on(view);
          return view;
        });
  }

  private <V extends FileAttributeView, T> T get(Class<V> type, Reading<V, T> reading)
      throws IOException {
    return Failures.naming(path, () -> reading.from(stored(type)));
  }

  private <A extends BasicFileAttributes> A read(Class<A> type) throws IOException {
    return fileSystem.attributes(path, type, follow);
  }

  private void times(
      @Nullable FileTime modified, @Nullable FileTime access, @Nullable FileTime created)
      throws IOException {
    change(BasicFileAttributeView.class, view -> view.setTimes(modified, access, created));
  }

  private final class Basic implements TrcFileAttributeView {
    private final String name;

    Basic(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public TrcFileAttributes readAttributes() throws IOException {
      return read(TrcFileAttributes.class);
    }

    @Override
    public void setTimes(
        @Nullable FileTime modified, @Nullable FileTime access, @Nullable FileTime created)
        throws IOException {
      times(modified, access, created);
    }
  }

  private final class Owner implements FileOwnerAttributeView {
    @Override
    public String name() {
      return "owner";
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
      return get(FileOwnerAttributeView.class, FileOwnerAttributeView::getOwner);
    }

    @Override
    public void setOwner(UserPrincipal owner) throws IOException {
      change(FileOwnerAttributeView.class, view -> view.setOwner(owner));
    }
  }

  private final class Posix implements PosixFileAttributeView {
    @Override
    public String name() {
      return "posix";
    }

    @Override
    public PosixFileAttributes readAttributes() throws IOException {
      return read(PosixFileAttributes.class);
    }

    @Override
    public void setTimes(
        @Nullable FileTime modified, @Nullable FileTime access, @Nullable FileTime created)
        throws IOException {
      times(modified, access, created);
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
      return get(PosixFileAttributeView.class, PosixFileAttributeView::getOwner);
    }

    @Override
    public void setOwner(UserPrincipal owner) throws IOException {
      change(PosixFileAttributeView.class, view -> view.setOwner(owner));
    }

    @Override
    public void setGroup(GroupPrincipal group) throws IOException {
      change(PosixFileAttributeView.class, view -> view.setGroup(group));
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
      change(PosixFileAttributeView.class, view -> view.setPermissions(permissions));
    }
  }

  private final class Dos implements DosFileAttributeView {
    @Override
    public String name() {
      return "dos";
    }

    @Override
    public DosFileAttributes readAttributes() throws IOException {
      return read(DosFileAttributes.class);
    }

    @Override
    public void setTimes(
        @Nullable FileTime modified, @Nullable FileTime access, @Nullable FileTime created)
        throws IOException {
      times(modified, access, created);
    }

    @Override
    public void setReadOnly(boolean value) throws IOException {
      change(DosFileAttributeView.class, view -> view.setReadOnly(value));
    }

    @Override
    public void setHidden(boolean value) throws IOException {
      change(DosFileAttributeView.class, view -> view.setHidden(value));
    }

    @Override
    public void setSystem(boolean value) throws IOException {
      change(DosFileAttributeView.class, view -> view.setSystem(value));
    }

    @Override
    public void setArchive(boolean value) throws IOException {
      change(DosFileAttributeView.class, view -> view.setArchive(value));
    }
  }
}
