package io.trc.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.TrcModelException;
import io.trc.predict.Vocabulary;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
  @TempDir Path folder;

  private static GgufFile parse(byte[] bytes) throws TrcModelException {
    return GgufFile.of(ByteBuffer.wrap(bytes), "m.gguf");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertRejected(byte[] bytes, String cause) {
    assertThatThrownBy(() -> parse(bytes))
        .isInstanceOf(TrcModelException.class)
        .hasMessageStartingWith("m.gguf: ")
        .hasMessageContaining(cause);
  }

  private static GgufWriter small() {
    return new GgufWriter()
        .string("general.architecture", "llama")
        .u32("n", 7)
        .strings("texts", List.of(utf8("a"), utf8("bc")))
        .floats("f", 1, 2)
        .floats("t", new float[] {1, 2, 3, 4}, 2, 2)
        .quantized("q", GgufWriter.Q8_0, new float[64], 32, 2);
  }

  @Test
  void readsMetadataOfEveryKind() throws Exception {
    GgufFile file =
        parse(
            new GgufWriter()
                .u8("u8", 200)
                .i8("i8", -3)
                .u16("u16", 60000)
                .i16("i16", -300)
                .u32("u32", -1)
                .i32("i32", -70000)
                .u64("u64", 1L << 40)
                .u64("big", -1)
                .i64("i64", Long.MIN_VALUE)
                .bool("bool", true)
                .f32("f32", 0.5f)
                .f64("f64", 0.1)
                .string("string", "h\u00e9")
                .strings("strings", List.of(utf8("a"), new byte[] {(byte) 0xFF, 0}))
                .floats("floats", 1.5f, -2)
                .integers("integers", 3, -4)
                .array("bytes", 0, 2, new byte[] {1, (byte) 255})
                .bytes());
    assertThat(file.integer("u8")).hasValue(200);
    assertThat(file.integer("i8")).hasValue(-3);
    assertThat(file.integer("u16")).hasValue(60000);
    assertThat(file.integer("i16")).hasValue(-300);
    assertThat(file.integer("u32")).hasValue(4294967295L);
    assertThat(file.integer("i32")).hasValue(-70000);
    assertThat(file.integer("u64")).hasValue(1L << 40);
    assertThat(file.integer("big")).isEmpty();
    assertThat(file.integer("i64")).hasValue(Long.MIN_VALUE);
    assertThat(file.integer("bool")).hasValue(1);
    assertThat(file.real("f32")).hasValue(0.5);
    assertThat(file.real("f64")).isEmpty();
    assertThat(file.string("string")).isEqualTo("h\u00e9");
    assertThat(file.strings("strings")).isDeepEqualTo(new byte[][] {{'a'}, {(byte) 0xFF, 0}});
    assertThat(file.floats("floats")).containsExactly(1.5f, -2);
    assertThat(file.integers("integers")).containsExactly(3, -4);
    assertThat(file.integers("bytes")).containsExactly(1, 255);
    assertThat(file.string("u8")).isNull();
    assertThat(file.integers("floats")).isNull();
    assertThat(file.integer("none")).isEmpty();
    assertThat(file.architecture()).isEmpty();
  }

  @Test
  void readsTensorsFromMemoryAndFromAFile() throws Exception {
    GgufWriter writer = small().alignment(64);
    Path path = writer.write(folder.resolve("small.gguf"));
    for (GgufFile file : List.of(GgufFile.read(path), parse(writer.bytes()))) {
      assertThat(file.tensors()).hasSize(2);
      GgufFile.Tensor t = file.tensor("t");
      assertThat(t).isNotNull();
      assertThat(t.shape()).containsExactly(2, 2);
      assertThat(t.offset() % 64).isZero();
      ByteBuffer data = file.data(t);
      assertThat(data.remaining()).isEqualTo(16);
      assertThat(data.getFloat(4)).isEqualTo(2);
      assertThat(file.tensors().get(1).size()).isEqualTo(68);
      assertThat(file.data(file.tensors().get(1)).remaining()).isEqualTo(68);
      assertThat(file.tensor("none")).isNull();
    }
  }

  @Test
  void namesAFileThatIsNoModel() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty"));
    Path text = Files.writeString(folder.resolve("text"), "Once upon a time");
    assertThatThrownBy(() -> GgufFile.read(folder)).hasMessageContaining("directory");
    assertThatThrownBy(() -> GgufFile.read(empty)).hasMessage(empty + ": the file is empty");
    assertThatThrownBy(() -> GgufFile.read(text)).hasMessage(text + ": this is not a GGUF file");
    assertThatThrownBy(() -> GgufFile.read(folder.resolve("none")))
        .isInstanceOf(TrcModelException.class)
        .hasMessageContaining("no such file");
  }

  @Test
  void saysWhatIsWrongWithADamagedHeader() {
    assertRejected(small().version(1).bytes(), "version 1");
    assertRejected(small().version(4).bytes(), "version 4");
    assertRejected(small().version(3 << 24).bytes(), "big-endian");
    assertRejected(small().u32("n", 8).bytes(), "twice");
    assertRejected(small().u32("", 8).bytes(), "empty");
    assertRejected(small().raw("k", 13, new byte[8]).bytes(), "unknown kind");
    assertRejected(small().array("k", 9, 1, new byte[12]).bytes(), "unknown kind");
    assertRejected(small().array("k", 5, 1L << 40, new byte[4]).bytes(), "more than");
    assertRejected(small().array("k", 8, -1, new byte[4]).bytes(), "more than");
    assertRejected(small().array("k", 5, 1 << 23, new byte[4]).bytes(), "truncated");
    assertRejected(small().u32("general.alignment", 48).bytes(), "alignment");
    assertRejected(small().u32("general.alignment", 0).bytes(), "alignment");
    assertRejected(small().u64("general.alignment", 32).bytes(), "alignment");
    assertRejected(small().floats("t", new float[4], 4).bytes(), "two tensors");
    assertRejected(small().tensor("x", 4, new byte[4], 4).bytes(), "unknown type");
    assertRejected(small().tensor("x", 8, new byte[34], 31).bytes(), "row length");
    assertRejected(small().tensor("x", 0, new byte[4], 0).bytes(), "shape");
    assertRejected(small().tensor("x", 0, new byte[4], -1).bytes(), "shape");
    assertRejected(small().tensor("x", 0, new byte[4], 1L << 32, 1L << 31).bytes(), "shape");
    assertRejected(small().tensor("x", 0, new byte[4], 1L << 50).bytes(), "beyond the end");
    assertRejected(small().tensor("x", 0, new byte[4], 1, 1, 1, 1, 1).bytes(), "axes");
    assertRejected(small().tensor("x".repeat(64), 0, new byte[4], 1).bytes(), "longer than 63");
    assertRejected(
        small()
            .tensor("x", 0, new byte[4], 1)
            .tensor("y", 0, new byte[40], 1)
            .tensor("z", 0, new byte[4], 1)
            .bytes(),
        "not where it should be");
  }

  @Test
  void keepsAMessageInOneLine() {
    byte[] file = small().u32("a\nb\u001b[2J", 1).u32("a\nb\u001b[2J", 1).bytes();
    assertThatThrownBy(() -> parse(file)).hasMessageContaining("a?b?[2J");
  }

  @Test
  void noticesTruncationAtEveryByte() {
    byte[] whole = small().bytes();
    int end = whole.length - 28; // the padding after the last tensor may be missing
    assertThatCode(() -> parse(Arrays.copyOf(whole, end))).doesNotThrowAnyException();
    for (int length = 0; length < end; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> parse(cut))
          .as("cut to %s bytes", length)
          .isInstanceOf(TrcModelException.class);
    }
  }

  @Test
  void noticesAFileThatHasBecomeShorter() throws Exception {
    Path path = small().write(folder.resolve("m.gguf"));
    GgufFile file = GgufFile.read(path);
    byte[] whole = Files.readAllBytes(path);
    Files.write(path, Arrays.copyOf(whole, whole.length - 64));
    assertThatThrownBy(() -> file.data(file.tensors().get(1)))
        .isInstanceOf(TrcModelException.class)
        .hasMessageContaining("shorter");
  }

  @Test
  void survivesFlippedBits() {
    byte[] whole = new TinyModels(1).vocabulary(300).bytes();
    Random random = new Random(7);
    int parsed = 0;
    for (int round = 0; round < 1000; round++) {
      byte[] bent = whole.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        // Half of the flips fall into the metadata before the vocabulary.
        int at = random.nextInt(random.nextBoolean() ? 700 : 10_000);
        bent[at] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        GgufFile file = parse(bent);
        parsed++;
        file.checkRunnable();
        Vocabulary vocabulary = GgufVocabulary.of(file);
        byte[] text = utf8("It was the best of times,\n\n it was \u2581 \u00e9");
        vocabulary.tokenize(text, 0, text.length);
      } catch (TrcModelException e) {
        assertThat(e).hasMessageStartingWith("m.gguf: ");
      }
    }
    assertThat(parsed).isBetween(100, 999);
  }
}
