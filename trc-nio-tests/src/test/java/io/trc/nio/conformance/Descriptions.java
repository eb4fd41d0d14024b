package io.trc.nio.conformance;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import de.pfabulist.lindwurm.niotest.tests.descriptionbuilders.CombinedBuilder;
import io.trc.TrcOptions;
import io.trc.nio.TrcFileSystems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/**
 * What niotest is told of an overlay. The README of trc-nio gives a reason for each thing that is
 * left out.
 */
final class Descriptions {
  private Descriptions() {}

  /** A file system beneath, by its folders. */
  interface Folders {
    Path folder(String name) throws IOException;
  }

  static CombinedBuilder overlay(Folders folders) {
    try {
      FileSystem overlay = open(folders.folder("one"));
      FileSystem second = open(folders.folder("two"));
      FileSystem closing = open(folders.folder("three"));
      FileSystem other = Jimfs.newFileSystem(Configuration.unix());
      Path playground = Files.createDirectory(overlay.getPath("/play"));
      Function<FileSystem, URI> toUri = Descriptions::folderUri;
      return CombinedBuilder.build()
          .playgrounds()
          .std(playground)
          .sameProviderDifferentFileSystem(Files.createDirectory(second.getPath("/play")))
          .differentProvider(Files.createDirectory(other.getPath("/play")))
          .closable(Files.createDirectory(closing.getPath("/play")))
          .noSizeLimit()
          .noSameFileSystemDifferentStore()
          .next()
          .unix()
          .next()
          .fsCreation()
          .uri(toUri)
          .env(Map.of())
          .next()
          .watchable()
          .no()
          .hardlinks()
          .no()
          .fileChannel()
          .noAsynchronous()
          .next()
          .sync()
          .notAllways()
          .next()
          .basicAttributes()
          .noLastAccessTime()
          .next()
          .pathConstraints()
          .noMaxPathLength()
          .next()
          .bug("testSetCreationTimeDoesNotChangeLastAccessTime")
          .bug("testForce")
          .bug("testEveryChannelWriteUpdatesLastModifiedTime")
          .bug("testReadChannelOfDirDoesNotThrow")
          .bug("testTruncateOnAppendChannelThrows")
          .bug("testSymLinkToUnnormalizedRelPath")
          .bug("testIsSameFileOfDifferentPathNonExistingFileIsNot");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileSystem open(Path folder) throws IOException {
    TrcOptions quick = TrcOptions.builder().level(1).build();
    return TrcFileSystems.open(folder, quick);
  }

  private static URI folderUri(FileSystem fileSystem) {
    return fileSystem.getPath("/").toUri();
  }
}
