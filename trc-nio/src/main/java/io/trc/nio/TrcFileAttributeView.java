package io.trc.nio;

import java.io.IOException;
import java.nio.file.attribute.BasicFileAttributeView;

/** The view {@code trc}: {@link BasicFileAttributeView} and how the file is stored. */
public interface TrcFileAttributeView extends BasicFileAttributeView {
  /** {@code "trc"}. */
  @Override
  String name();

  @Override
  TrcFileAttributes readAttributes() throws IOException;
}
