package io.trc.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.TrcOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.junit.jupiter.api.Test;

class TarTest {
  private static final int FILES = 200;

  /** A chapter of a novel, in as many notes as there are files, cut between words. */
  private static List<byte[]> notes() throws IOException {
    String novel;
    try (InputStream in = TarTest.class.getResourceAsStream("/io/trc/lord-jim.txt")) {
      novel = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<byte[]> notes = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= FILES; i++) {
      int to = i < FILES ? novel.indexOf(' ', novel.length() * i / FILES) : novel.length();
      notes.add(novel.substring(from, to).strip().getBytes(StandardCharsets.UTF_8));
      from = to;
    }
    return notes;
  }

  private static String name(int i) {
    return "notes/" + i + ".txt";
  }

  private static byte[] tar(CompressorStreamFactory factory, String compressor, List<byte[]> notes)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = factory.createCompressorOutputStream(compressor, bytes);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (int i = 0; i < notes.size(); i++) {
        TarArchiveEntry entry = new TarArchiveEntry(name(i));
        entry.setSize(notes.get(i).length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(notes.get(i));
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void twoHundredNotesComeBackEntryByEntry() throws IOException {
    List<byte[]> notes = notes();
    CompressorStreamFactory factory =
        new TrcCompressorStreamFactory(true, -1, TrcOptions.builder().threads(2).build());
    byte[] trc = tar(factory, "trc", notes);
    byte[] xz = tar(factory, "xz", notes);

    int entries = 0;
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            factory.createCompressorInputStream(new ByteArrayInputStream(trc)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        assertThat(entry.getName()).isEqualTo(name(entries));
        assertThat(tar.readAllBytes()).isEqualTo(notes.get(entries));
        entries++;
      }
    }
    int texts = notes.stream().mapToInt(note -> note.length).sum();
    System.out.printf(
        "%d texts of %d bytes in all: %d as .tar.trc, %d as .tar.xz%n",
        entries, texts, trc.length, xz.length);
    assertThat(entries).isEqualTo(FILES);
    assertThat(trc.length).isLessThan(texts);
  }
}
