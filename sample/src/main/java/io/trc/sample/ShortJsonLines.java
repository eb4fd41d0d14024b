package io.trc.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trc.TrcText;
import io.trc.TrcTextForm;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON Lines whose long strings are coded one by one: {@code {"text": "a long string"}} becomes
 * {@code {"text": {"trc": "Wx3..."}}}. The file stays JSON Lines, and each row can be read alone.
 */
public final class ShortJsonLines {
  private static final String MARK = "trc";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TrcText text;
  private final int least;

  /**
   * Codes by what writer and reader agreed on.
   *
   * @param least strings of fewer characters stay as they are
   */
  public ShortJsonLines(TrcText text, int least) {
    this.text = text;
    this.least = least;
  }

  /** Writes a file whose long strings are coded. */
  public void pack(Path plain, Path packed) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(plain);
        BufferedWriter out = Files.newBufferedWriter(packed)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.write(JSON.writeValueAsString(packed(JSON.readTree(line))));
        out.write('\n');
      }
    }
  }

  /** The places in a file where its rows begin, and its end. */
  public static List<Long> index(Path packed) throws IOException {
    List<Long> places = new ArrayList<>(List.of(0L));
    byte[] bytes = Files.readAllBytes(packed);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        places.add(i + 1L);
      }
    }
    return places;
  }

  /** A row as it was, read and decoded without the others. */
  public JsonNode row(Path packed, List<Long> index, int row) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(packed.toFile(), "r")) {
      byte[] line = new byte[(int) (index.get(row + 1) - index.get(row))];
      file.seek(index.get(row));
      file.readFully(line);
      return plain(JSON.readTree(new String(line, StandardCharsets.UTF_8)));
    }
  }

  private JsonNode packed(JsonNode row) throws IOException {
    for (var field : row.properties()) {
      JsonNode value = field.getValue();
      if (value.isObject() && value.has(MARK)) {
        throw new IOException("a row has an object that looks like a coded string: " + row);
      }
      if (value.isTextual() && value.textValue().length() >= least) {
        field.setValue(mark(text.encode(value.textValue(), TrcTextForm.BASE91)));
      }
    }
    return row;
  }

  private static ObjectNode mark(String message) {
    return JSON.createObjectNode().put(MARK, message);
  }

  private JsonNode plain(JsonNode row) throws IOException {
    for (var field : row.properties()) {
      JsonNode message = field.getValue().get(MARK);
      if (message != null && message.isTextual() && field.getValue().size() == 1) {
        field.setValue(
            JSON.getNodeFactory().textNode(text.decode(message.textValue(), TrcTextForm.BASE91)));
      }
    }
    return row;
  }
}
