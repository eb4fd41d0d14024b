package io.trc.nio;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The files that are being written; what happens to their names meanwhile happens to them. */
final class Writings {
  private final Set<Writing> open = ConcurrentHashMap.newKeySet();

  Writing begin(Entry entry) {
    Writing writing = new Writing(entry);
    open.add(writing);
    return writing;
  }

  void end(Writing writing) {
    open.remove(writing);
  }

  void deleted(Path key) {
    for (Writing writing : open) {
      if (writing.isOf(key)) {
        writing.giveUp();
      }
    }
  }

  void moved(Path from, Path to) {
    deleted(to);
    open.forEach(writing -> writing.moved(from, to));
  }

  /** The same content is now in another stored file. */
  void recoded(Path key, Version from, Version to) {
    for (Writing writing : open) {
      if (writing.isOf(key)) {
        writing.recoded(from, to);
      }
    }
  }

  void giveUpAll() {
    open.forEach(Writing::giveUp);
  }
}
