/** A file system that stores text compressed and shows it plain. */
@org.jspecify.annotations.NullMarked
module io.trc.nio {
  requires static org.jspecify;
  requires transitive io.trc;
  requires com.github.robtimus.filesystems;
  requires org.apache.commons.compress;

  exports io.trc.nio;

  provides java.nio.file.spi.FileSystemProvider with
      io.trc.nio.TrcFileSystemProvider;
}
