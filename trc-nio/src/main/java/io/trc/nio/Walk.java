package io.trc.nio;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Follows paths, name by name and through links, which are not followed by the file system beneath
 * since their targets are plain names. None leads out of the root.
 *
 * @param <P> what is found at a path
 */
abstract class Walk<P extends Walk.Place> {
  private static final int MOST_LINKS = 40;

  /** What is at a path. */
  interface Place {
    boolean exists();

    boolean isFolder();

    boolean isLink();
  }

  /** The folder at the root. */
  abstract P root() throws IOException;

  /** Looks for one name in a folder. */
  abstract P look(P folder, String name) throws IOException;

  /** The plain target of a link, with slashes. */
  abstract String target(P link, TrcPath asked) throws IOException;

  /**
   * Finds what is at a path, or the place for it in a folder that is there.
   *
   * @throws NoSuchFileException if a folder on the way is not there
   */
  P find(TrcPath path, boolean follow) throws IOException {
    Deque<String> names = new ArrayDeque<>(path.names());
    Deque<P> folders = new ArrayDeque<>();
    folders.push(root());
    int links = 0;
    while (true) {
      String name = names.poll();
      if (name == null) {
        return folders.element();
      }
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        if (folders.size() > 1) {
          folders.pop();
        } else if (links > 0) {
          throw leadsOut(path);
        }
        continue;
      }
      P place = look(folders.element(), name);
      boolean last = names.isEmpty();
      if (place.isLink() && (follow || !last)) {
        if (++links > MOST_LINKS) {
          throw new FileSystemException(path.toString(), null, "Too many levels of symbolic links");
        }
        String target = target(place, path);
        if (target.startsWith("/")) {
          while (folders.size() > 1) {
            folders.pop();
          }
        }
        List<String> there = List.of(target.split("/", -1));
        for (int i = there.size() - 1; i >= 0; i--) {
          names.push(there.get(i));
        }
      } else if (place.isFolder()) {
        folders.push(place);
      } else if (last) {
        return place;
      } else if (place.exists()) {
        throw new FileSystemException(path.toString(), null, "Not a directory");
      } else {
        throw new NoSuchFileException(path.toString());
      }
    }
  }

  /** Finds what is at a path. */
  final P existing(TrcPath path, boolean follow) throws IOException {
    P place = find(path, follow);
    if (!place.exists()) {
      throw new NoSuchFileException(path.toString());
    }
    return place;
  }

  static FileSystemException leadsOut(Path path) {
    return new FileSystemException(
        path.toString(), null, "a symbolic link leads out of the file system");
  }
}
