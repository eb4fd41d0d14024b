package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was truncated, flipped, extended or made up is found, and never gives other bytes. */
class DamageTest {
  private static final byte[] PLAIN = Samples.utf8(Samples.PARAGRAPH.substring(0, 160));

  @Test
  void everyTruncationIsFound() throws Exception {
    byte[] archive = Trc.compress(PLAIN);
    for (int length = 0; length < archive.length; length++) {
      byte[] cut = Arrays.copyOf(archive, length);
      assertThatThrownBy(() -> Trc.decompress(cut))
          .as("the first %d bytes", length)
          .isInstanceOf(length < 4 ? TrcException.class : TrcCorruptedException.class);
    }
  }

  @Test
  void everyFlippedBitIsFound() throws Exception {
    for (byte[] archive : new byte[][] {Trc.compress(PLAIN), Trc.compress(new byte[0]), blocks()}) {
      for (int bit = 0; bit < 8 * archive.length; bit++) {
        byte[] flipped = archive.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        assertThatThrownBy(() -> Trc.decompress(flipped))
            .as("bit %d of byte %d", bit % 8, bit / 8)
            .isInstanceOf(TrcException.class);
      }
    }
  }

  @Test
  void whatComesBeforeTheDamageIsStillRead() throws Exception {
    byte[] archive = blocks();
    byte[] plain = Trc.decompress(archive);
    byte[] cut = Arrays.copyOf(archive, archive.length - 60);
    byte[] read = new byte[plain.length];
    int length = 0;
    try (InputStream in = new TrcInputStream(new ByteArrayInputStream(cut))) {
      IOException failure = null;
      while (failure == null) {
        try {
          int n = in.read(read, length, read.length - length);
          assertThat(n).isPositive();
          length += n;
        } catch (IOException e) {
          failure = e;
        }
      }
      assertThat(failure).isInstanceOf(TrcCorruptedException.class);
      assertThat(catchThrowable(in::read))
          .isInstanceOf(TrcCorruptedException.class)
          .hasCause(failure);
    }
    assertThat(length).isPositive();
    assertThat(Arrays.copyOf(read, length)).isEqualTo(Arrays.copyOf(plain, length));
  }

  @Test
  void whatFollowsTheLastMemberIsAnError() throws Exception {
    byte[] extended = Samples.concatenate(Trc.compress(PLAIN), new byte[] {0});
    assertThatThrownBy(() -> Trc.decompress(extended))
        .isInstanceOf(TrcException.class)
        .hasMessageContaining("garbage");
  }

  @Test
  void otherDataIsNamedAsSuch() {
    for (byte[] other :
        new byte[][] {
          Samples.utf8("plain text, never compressed"), {'P', 'K', 3, 4, 0, 0}, {(byte) 0x8f, 'T'}
        }) {
      assertThatThrownBy(() -> Trc.decompress(other))
          .isInstanceOf(TrcException.class)
          .hasMessageMatching("(?s).*(not a \\.trc stream|truncated).*");
    }
    assertThatThrownBy(() -> Trc.decompress(new byte[0])).isInstanceOf(TrcFormatException.class);
  }

  @Test
  void anotherModelIsNamed() throws Exception {
    byte[] archive = resum(Trc.compress(PLAIN), header -> header[7] ^= 1);
    String named = HexFormat.of().formatHex(archive, 7, 15);
    assertThat(TrcModel.embedded().sha256()).doesNotStartWith(named);
    assertThatThrownBy(() -> Trc.decompress(archive))
        .isInstanceOf(TrcModelMissingException.class)
        .hasMessageContaining(named)
        .hasMessageContaining("TRC_MODEL_PATH");
  }

  @Test
  void otherNumericsAreNamed() throws Exception {
    byte[] archive = resum(Trc.compress(PLAIN), header -> header[15] ^= 1);
    assertThatThrownBy(() -> Trc.decompress(archive))
        .isInstanceOf(TrcNumericsException.class)
        .hasMessageContaining("numerics");
  }

  @Test
  void aNewerVersionAndUnknownFeaturesAreUnsupportedNotDamaged() throws Exception {
    byte[] newer = resum(Trc.compress(PLAIN), header -> header[4]++);
    byte[] feature = resum(Trc.compress(PLAIN), header -> header[5] |= 4);
    for (byte[] archive : new byte[][] {newer, feature}) {
      assertThatThrownBy(() -> Trc.decompress(archive)).isInstanceOf(TrcUnsupportedException.class);
    }
  }

  @Test
  void anUnknownNumericsProfileIsUnsupported() throws Exception {
    byte[] archive = resum(Trc.compress(PLAIN), header -> header[5] |= (byte) 0xf0);
    assertThatThrownBy(() -> Trc.decompress(archive)).isInstanceOf(TrcUnsupportedException.class);
  }

  @Test
  @Tag("slow")
  void madeUpArchivesNeverGiveAnythingButOurExceptions() throws Exception {
    Random random = new Random(11);
    byte[] archive = blocks();
    for (int round = 0; round < 3000; round++) {
      byte[] mutant = archive.clone();
      int changes = 1 + random.nextInt(4);
      for (int i = 0; i < changes; i++) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
      }
      if (!Arrays.equals(mutant, archive)) {
        assertThatThrownBy(() -> Trc.decompress(mutant)).isInstanceOf(TrcException.class);
      }
    }
  }

  /** Three blocks, two of them without a model so that a test may decode them often. */
  private static byte[] blocks() throws IOException {
    TrcOptions options = TrcOptions.builder().blockSize(TrcOptions.BLOCK_SIZE_MIN).build();
    byte[] first = Samples.utf8("abcdefghijklmnopqrstuvwxyz012345".repeat(128));
    byte[] second = new byte[4096];
    Arrays.fill(second, (byte) 7);
    return Trc.compress(Samples.concatenate(first, second, PLAIN), options);
  }

  private interface Change {
    void apply(byte[] header);
  }

  /** Changes a header that names a model, and sums it again as its maker would. */
  private static byte[] resum(byte[] archive, Change change) {
    byte[] changed = archive.clone();
    change.apply(changed);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(changed, 0, 19);
    for (int i = 0; i < 4; i++) {
      changed[19 + i] = (byte) (crc.getValue() >> (8 * i));
    }
    return changed;
  }
}
