package io.trc.cli;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a path leads, link by link. On Unix some names stand for what the process has open already:
 * such a thing is neither to be opened anew nor to be replaced.
 *
 * @param descriptor the descriptor of this process that the path stands for, or -1
 * @param opened the name in /dev or /proc of what some process has open, if the path stands for
 *     that
 * @param system true if a link on the way lies in, or leads into, /dev or /proc
 */
record Route(int descriptor, @Nullable Path opened, boolean system) {
  private static final int MOST_LINKS = 40;
  private static final Path DEV = Path.of("/dev");
  private static final Path PROC = Path.of("/proc");

  /** Follows a path as far as it leads to something. */
  static Route of(Path path) throws IOException {
    Path opened = null;
    boolean system = false;
    Path at = path;
    for (int links = 0; links <= MOST_LINKS; links++) {
      Path name = at.getFileName();
      Path folder = at.toAbsolutePath().getParent();
      if (name == null || folder == null || !Files.isDirectory(folder)) {
        return new Route(-1, opened, system);
      }
      boolean link = Files.isSymbolicLink(at);
      Path named = at;
      folder = folder.toRealPath();
      at = folder.resolve(name);
      system |= (link || links > 0) && (isSystem(named) || isSystem(at));
      if (link && (folder.equals(DEV) || at.startsWith(PROC))) {
        opened = at;
      }
      if (holdsOwnDescriptors(folder) && name.toString().matches("\\d{1,9}")) {
        return new Route(Integer.parseInt(name.toString()), at, true);
      }
      if (!link) {
        return new Route(-1, opened, system);
      }
      at = folder.resolve(Files.readSymbolicLink(at));
    }
    throw new FileSystemLoopException(path.toString());
  }

  private static boolean isSystem(Path path) {
    Path whole = path.toAbsolutePath();
    return whole.startsWith(DEV) || whole.startsWith(PROC);
  }

  /** True for the folder of this process's descriptors, and for its threads' views of it. */
  private static boolean holdsOwnDescriptors(Path folder) throws IOException {
    Path process = Path.of("/proc/self");
    Path descriptors = Path.of("/dev/fd");
    return (folder.endsWith("fd")
            && Files.isDirectory(process)
            && folder.startsWith(process.toRealPath()))
        || (Files.isDirectory(descriptors) && folder.equals(descriptors.toRealPath()));
  }
}
