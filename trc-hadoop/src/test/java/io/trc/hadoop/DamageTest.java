package io.trc.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.TrcCorruptedException;
import io.trc.TrcFormatException;
import io.trc.TrcModelMissingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.SplittableCompressionCodec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a file fails the task, and says what and where. */
class DamageTest {
  @TempDir java.nio.file.Path folder;
  private Configuration conf;
  private byte[] archive;

  @BeforeEach
  void writeArchive() throws IOException {
    conf = Texts.configuration();
    archive = Texts.member(Texts.pieces(Texts.noise(7, 500, "\n"), 7, 100));
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return new Path(Files.write(folder.resolve(name), bytes).toUri());
  }

  @Test
  void whereverAFileEndsTooEarlyEachOfItsPartsFails() throws IOException {
    for (int length = 1; length < archive.length; length++) {
      Path file = file("cut.txt.trc", Arrays.copyOf(archive, length));
      int part = length / 2 + 1;
      for (long start = 0; start < length; start += part) {
        long from = start;
        assertThatThrownBy(() -> Texts.records(conf, file, from, part))
            .as("%d bytes, part at %d", length, from)
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void theMessageNamesTheFileAndTheByte() throws IOException {
    Path file = file("cut.txt.trc", Arrays.copyOf(archive, archive.length / 2));
    conf.set(FileName.KEY, file.toString());
    assertThatThrownBy(() -> Texts.records(conf, file, 0, archive.length / 2))
        .isInstanceOf(TrcCorruptedException.class)
        .hasMessageStartingWith(file + ": block ")
        .hasMessageMatching(".* at byte \\d+: truncated.*");
  }

  @Test
  void aStreamOfAnObjectStoreNamesItself() throws IOException {
    InputStream in =
        new ByteArrayInputStream(Arrays.copyOf(archive, 20)) {
          @Override
          public String toString() {
            return "S3AInputStream{s3a://bucket/a.txt.trc, policy=random\nstatistics}";
          }
        };
    try (var stream = new TrcCodec().createInputStream(in)) {
      assertThatThrownBy(stream::readAllBytes)
          .isInstanceOf(TrcCorruptedException.class)
          .hasMessageStartingWith("s3a://bucket/a.txt.trc: block 0 at byte 11: truncated");
    }
  }

  @Test
  void damageWithinABlockFailsTheTaskThatReadsIt() throws IOException {
    archive[archive.length / 2] ^= 1;
    Path file = file("bad.txt.trc", archive);
    conf.set(FileName.KEY, file.toString());
    assertThatThrownBy(() -> Texts.records(conf, file, 0, archive.length))
        .isInstanceOf(TrcCorruptedException.class)
        .hasMessageStartingWith(file + ": block ")
        .hasMessageContaining("at byte ");
    TrcCodec codec = new TrcCodec();
    codec.setConf(conf);
    try (var in = codec.createInputStream(new ByteArrayInputStream(archive))) {
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(TrcCorruptedException.class)
          .hasMessageStartingWith(file + ": block ");
    }
  }

  @Test
  void aFileOfAnotherKindOrOfNoBytesIsRefused() throws IOException {
    Path other = file("other.txt.trc", "no archive at all\n".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Texts.records(conf, other, 0, 18))
        .isInstanceOf(TrcFormatException.class);
    Path none = file("none.txt.trc", new byte[0]);
    assertThatThrownBy(() -> Texts.records(conf, none, 0, 0))
        .isInstanceOf(TrcFormatException.class);
  }

  @Test
  void aStreamThatCannotSeekHasNoParts() {
    TrcCodec codec = new TrcCodec();
    assertThatThrownBy(
            () ->
                codec.createInputStream(
                    new ByteArrayInputStream(archive),
                    codec.createDecompressor(),
                    0,
                    archive.length,
                    SplittableCompressionCodec.READ_MODE.BYBLOCK))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Seekable");
  }

  /** The header of an archive names a model by its digest. */
  @Test
  void anArchiveOfAnUnknownModelSaysSoAtOnce() throws IOException {
    byte[] unknown = unknownModel();
    Path file = file("unknown.txt.trc", unknown);
    assertThatThrownBy(() -> Texts.records(conf, file, 0, unknown.length))
        .isInstanceOf(IOException.class)
        .satisfies(e -> assertThat(e instanceof TrcModelMissingException).as(e.toString()).isTrue())
        .hasMessageContaining("TRC_MODEL_PATH");
  }

  private static byte[] unknownModel() throws IOException {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    try (var out = new io.trc.TrcOutputStream(bytes)) {
      out.write(
          "It was the best of times, it was the worst of times.\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    byte[] archive = bytes.toByteArray();
    assertThat(archive[5] & 1).as("a model is named").isOne();
    archive[7] ^= 1;
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(archive, 0, 19);
    for (int i = 0; i < 4; i++) {
      archive[19 + i] = (byte) (crc.getValue() >>> (8 * i));
    }
    return archive;
  }
}
