package io.trc.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import io.trc.TrcDictionary;
import io.trc.TrcText;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapters for short strings, with the real parts that they adapt to. */
class ShortStringsTest {
  private static final String TEXT =
      "Dear guests, the last bus to the city leaves at midnight from the stop in front of the hotel."
          + " Please be there five minutes before, since the driver will not wait for anyone."
          + " Tickets can be bought at the reception or in the bus; children travel free of charge.";

  /** A row of a table. */
  @Entity(name = "Note")
  static class Note {
    @Id int id;

    @Convert(converter = ShortStringConverter.class)
    @Nullable String text;
  }

  @Test
  void hibernateKeepsStringsAsShortColumns() {
    Configuration configuration =
        new Configuration()
            .addAnnotatedClass(Note.class)
            .setProperty("hibernate.connection.url", "jdbc:h2:mem:notes")
            .setProperty("hibernate.hbm2ddl.auto", "create-drop");
    try (SessionFactory factory = configuration.buildSessionFactory()) {
      try (Session session = factory.openSession()) {
        session.beginTransaction();
        Note note = new Note();
        note.id = 1;
        note.text = TEXT;
        session.persist(note);
        Note empty = new Note();
        empty.id = 2;
        session.persist(empty);
        session.getTransaction().commit();
      }
      try (Session session = factory.openSession()) {
        assertThat(session.find(Note.class, 1).text).isEqualTo(TEXT);
        assertThat(session.find(Note.class, 2).text).isNull();
        byte[] column =
            session
                .createNativeQuery("select text from Note where id = 1", byte[].class)
                .getSingleResult();
        assertThat(column).hasSizeLessThan(TEXT.length() / 3);
        List<Note> found =
            session
                .createQuery("from Note where text = :text", Note.class)
                .setParameter("text", TEXT)
                .list();
        assertThat(found).hasSize(1);
      }
    }
  }

  @Test
  void kafkaSendsStringsAsShortRecords(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("orders.trcdict");
    TrcDictionary.train(
            IntStream.range(0, 200).mapToObj(i -> "order " + i * 37 + " was shipped").toList())
        .save(file);
    Map<String, String> configs = Map.of(ShortStringSerializer.DICTIONARY, file.toString());
    try (ShortStringSerializer serializer = new ShortStringSerializer();
        ShortStringDeserializer deserializer = new ShortStringDeserializer()) {
      serializer.configure(configs, false);
      deserializer.configure(configs, false);
      try (MockProducer<String, String> producer =
          new MockProducer<>(true, serializer, serializer)) {
        assertThat(producer.send(new ProducerRecord<>("orders", "order 1 was shipped")))
            .succeedsWithin(Duration.ofSeconds(10));
        assertThat(producer.history()).hasSize(1);
      }
      byte[] record = serializer.serialize("orders", "order 99 was shipped");
      assertThat(record).hasSizeLessThan(6);
      assertThat(deserializer.deserialize("orders", record)).isEqualTo("order 99 was shipped");
      assertThat(deserializer.deserialize("orders", serializer.serialize("orders", null))).isNull();
      assertThatThrownBy(() -> deserializer.deserialize("orders", new byte[] {(byte) 0xF9}))
          .isInstanceOf(SerializationException.class);
      assertThatThrownBy(() -> serializer.serialize("orders", "\ud83d"))
          .isInstanceOf(SerializationException.class);
    }
  }

  @Test
  void aQrCodeHoldsTwiceTheText() throws Exception {
    int version = 6; // up to 134 bytes
    ShortQrCode code = new ShortQrCode(TrcText.builder().build());
    assertThat(TEXT.length()).isGreaterThan(2 * 120);
    BitMatrix picture = code.write(TEXT, version);
    assertThat(code.read(picture)).isEqualTo(TEXT);
    ShortQrCode.draw(TEXT.substring(0, 120), version);
    assertThatThrownBy(() -> ShortQrCode.draw(TEXT.substring(0, 140), version))
        .isInstanceOf(WriterException.class);
  }

  @Test
  void rowsOfJsonLinesAreReadAlone(@TempDir Path folder) throws Exception {
    Path plain = folder.resolve("rows.jsonl");
    Path packed = folder.resolve("packed.jsonl");
    Files.write(
        plain,
        List.of(
            "{\"id\":0,\"text\":\"short\"}",
            "{\"id\":1,\"text\":\"" + TEXT + "\",\"tags\":[\"a\"]}",
            "{\"id\":2,\"text\":null,\"more\":\"" + TEXT + "\"}"));
    ShortJsonLines lines = new ShortJsonLines(TrcText.builder().build(), 40);
    lines.pack(plain, packed);
    assertThat(Files.size(packed)).isLessThan(Files.size(plain) / 2);
    List<Long> index = ShortJsonLines.index(packed);
    List<String> rows = Files.readAllLines(plain, StandardCharsets.UTF_8);
    for (int row : new int[] {2, 0, 1}) {
      assertThat(lines.row(packed, index, row)).hasToString(rows.get(row));
    }
  }
}
