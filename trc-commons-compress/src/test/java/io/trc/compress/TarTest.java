package io.trc.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.TrcOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

class TarTest {
  private static final int FILES = 200;

  private static final String[] SUBJECTS = {
    "The keeper of the lighthouse", "An old sailor", "The museum in the harbour", "Every visitor",
    "The teacher", "A young engineer", "The town council", "My neighbour", "The captain", "Nobody"
  };
  private static final String[] VERBS = {
    "remembers", "has never forgotten", "wrote about", "was looking for", "talks about", "opened",
    "wants to sell", "looked after", "would like to see", "found"
  };
  private static final String[] OBJECTS = {
    "the storm of that winter", "a small wooden boat", "the letters from the island",
    "the lamp at the top of the tower", "the ships that pass at night", "an unfinished map",
    "the weather of the last hundred years", "the house by the sea", "a box of photographs",
    "the way to the beach"
  };

  /** Small texts that differ: notes of a few sentences. */
  private static List<byte[]> notes() {
    SplittableRandom random = new SplittableRandom(200);
    List<byte[]> notes = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      StringBuilder note = new StringBuilder();
      for (int sentences = random.nextInt(2, 7); sentences > 0; sentences--) {
        note.append(pick(SUBJECTS, random)).append(' ');
        note.append(pick(VERBS, random)).append(' ');
        note.append(pick(OBJECTS, random)).append(sentences > 1 ? ". " : ".\n");
      }
      notes.add(note.toString().getBytes(StandardCharsets.UTF_8));
    }
    return notes;
  }

  private static String pick(String[] words, SplittableRandom random) {
    return words[random.nextInt(words.length)];
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
  void twoHundredNotesComeBackEntryByEntry(TestReporter reporter) throws IOException {
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
    assertThat(entries).isEqualTo(FILES);
    reporter.publishEntry(
        "sizes in bytes",
        String.format(
            "%d texts %d, .tar.trc %d, .tar.xz %d",
            entries, notes.stream().mapToInt(note -> note.length).sum(), trc.length, xz.length));
    assertThat(trc.length).isLessThan(xz.length);
  }
}
