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

/** The views of one path. They find the file anew at every call. */
final class AttributeViews {
  private final TrcFileSystem fileSystem;
  private final TrcPath path;
  private final boolean follow;

  AttributeViews(TrcFileSystem fileSystem, TrcPath path, boolean follow) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.follow = follow;
  }

  /** A view, or null if there is none of that type. */
  <V extends FileAttributeView> @Nullable V of(Class<V> type) {
    FileAttributeView view;
    if (type == BasicFileAttributeView.class) {
      view = new View<>("basic", BasicFileAttributes.class);
    } else if (type == TrcFileAttributeView.class) {
      view = new Own();
    } else if (type == PosixFileAttributeView.class && has("posix")) {
      view = new Posix("posix");
    } else if (type == FileOwnerAttributeView.class && has("owner")) {
      view = new Posix("owner");
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

  private <V extends FileAttributeView> void change(Class<V> type, Change<V> change)
      throws IOException {
    fileSystem.checkWritable();
    Failures.naming(
        path,
        () -> {
          Path file = fileSystem.there(path, follow);
          V view = Files.getFileAttributeView(file, type, LinkOption.NOFOLLOW_LINKS);
          if (view == null) {
            throw new UnsupportedOperationException(type + " is not supported");
          }
          change.on(view);
          return view;
        });
  }

  private class View<A extends BasicFileAttributes> implements BasicFileAttributeView {
    private final String name;
    private final Class<A> type;

    View(String name, Class<A> type) {
      this.name = name;
      this.type = type;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public A readAttributes() throws IOException {
      return fileSystem.attributes(path, type, follow);
    }

    @Override
    public void setTimes(
        @Nullable FileTime modified, @Nullable FileTime access, @Nullable FileTime created)
        throws IOException {
      change(BasicFileAttributeView.class, view -> view.setTimes(modified, access, created));
    }
  }

  private final class Own extends View<TrcFileAttributes> implements TrcFileAttributeView {
    Own() {
      super("trc", TrcFileAttributes.class);
    }
  }

  /** The view of the owner too, which may be there without the others. */
  private final class Posix extends View<PosixFileAttributes> implements PosixFileAttributeView {
    Posix(String name) {
      super(name, PosixFileAttributes.class);
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
      return fileSystem.owner(path, follow);
    }

    @Override
    public void setOwner(UserPrincipal owner) throws IOException {
      change(FileOwnerAttributeView.class, view -> view.setOwner(owner));
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

  private final class Dos extends View<DosFileAttributes> implements DosFileAttributeView {
    Dos() {
      super("dos", DosFileAttributes.class);
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
