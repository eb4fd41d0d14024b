package io.trc.nio;

import java.nio.file.Path;

/**
 * A file that is being written: where it will be, and what is there. Guarded by its {@link
 * Writings}.
 */
final class Writing {
  private Path folder;
  private String name;
  private Version version;
  private boolean given;

  Writing(Entry entry) {
    this.folder = entry.folder();
    this.name = entry.name();
    this.version = entry.version();
  }

  synchronized Path folder() {
    return folder;
  }

  synchronized String name() {
    return name;
  }

  /** What was there when it was opened. */
  synchronized Version version() {
    return version;
  }

  /** True if the file was deleted meanwhile, so that nobody will miss what is written. */
  synchronized boolean isGivenUp() {
    return given;
  }

  synchronized void giveUp() {
    given = true;
  }

  /** Follows the file when it, or a folder above it, gets another name. */
  synchronized void moved(Path from, Path to) {
    Path key = Names.resolve(folder, name);
    if (key.equals(from)) {
      folder = to.resolveSibling(".").normalize();
      name = Names.of(to);
    } else if (folder.startsWith(from)) {
      folder = to.resolve(from.relativize(folder));
    }
  }

  /** Follows the file when the same content is stored anew. */
  synchronized void recoded(Version from, Version to) {
    if (version.isSame(from)) {
      version = to;
    }
  }

  synchronized boolean isOf(Path key) {
    return Names.resolve(folder, name).equals(key);
  }
}
