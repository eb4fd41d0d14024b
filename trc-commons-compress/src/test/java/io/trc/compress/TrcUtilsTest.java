package io.trc.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrcUtilsTest {
  @ParameterizedTest
  @CsvSource({
    "notes.txt.trc, notes.txt",
    "NOTES.TXT.TRC, NOTES.TXT",
    "notes-trc, notes",
    "package.tar.trc, package.tar",
    "package.ttr, package.tar",
    "package.TTR, package.tar",
    "a.b.trc, a.b"
  })
  void knowsCompressedFiles(String compressed, String plain) {
    assertThat(TrcUtils.isCompressedFileName(compressed)).isTrue();
    assertThat(TrcUtils.getUncompressedFileName(compressed)).isEqualTo(plain);
  }

  @ParameterizedTest
  @CsvSource({
    "notes.txt, notes.txt.trc",
    "package.tar, package.ttr",
    "PACKAGE.TAR, PACKAGE.ttr",
    "notes.trc.txt, notes.trc.txt.trc",
    "trc, trc.trc"
  })
  void knowsPlainFiles(String plain, String compressed) {
    assertThat(TrcUtils.isCompressedFileName(plain)).isFalse();
    assertThat(TrcUtils.getUncompressedFileName(plain)).isEqualTo(plain);
    assertThat(TrcUtils.getCompressedFileName(plain)).isEqualTo(compressed);
  }

  @ParameterizedTest
  @CsvSource({".trc", ".ttr", "trc", "''"})
  void leavesFilesWithoutANameAlone(String fileName) {
    assertThat(TrcUtils.isCompressedFileName(fileName)).isFalse();
    assertThat(TrcUtils.getUncompressedFileName(fileName)).isEqualTo(fileName);
  }

  @Test
  void knowsTheSignature() throws IOException {
    byte[] fox = Members.compress(Members.FOX);
    assertThat(TrcUtils.matches(fox, fox.length)).isTrue();
    assertThat(TrcUtils.matches(fox, 3)).isFalse();
    assertThat(TrcUtils.matches(Members.FOX, 12)).isFalse();
  }
}
