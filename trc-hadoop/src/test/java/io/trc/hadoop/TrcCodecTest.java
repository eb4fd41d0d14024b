package io.trc.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.Trc;
import io.trc.TrcIndex;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CodecPool;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.io.compress.CompressionInputStream;
import org.apache.hadoop.io.compress.CompressionOutputStream;
import org.apache.hadoop.io.compress.Compressor;
import org.apache.hadoop.io.compress.Decompressor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrcCodecTest {
  @TempDir java.nio.file.Path folder;
  private final Configuration conf = Texts.configuration();
  private final TrcCodec codec = new TrcCodec();

  @BeforeEach
  void configure() {
    codec.setConf(conf);
  }

  private byte[] compress(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = codec.createOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private byte[] decompress(byte[] archive) throws IOException {
    try (InputStream in = codec.createInputStream(new ByteArrayInputStream(archive))) {
      return in.readAllBytes();
    }
  }

  @Test
  void hadoopFindsItByExtensionAndByName() {
    CompressionCodecFactory factory = new CompressionCodecFactory(conf);
    assertThat(factory.getCodec(new Path("file:///a/notes.txt.trc"))).isInstanceOf(TrcCodec.class);
    assertThat(factory.getCodecByName("trc")).isInstanceOf(TrcCodec.class);
    assertThat(factory.getCodecByClassName("io.trc.hadoop.TrcCodec"))
        .isInstanceOfSatisfying(
            TrcCodec.class, found -> assertThat(found.getConf()).isSameAs(conf));
    assertThat(CompressionCodecFactory.removeSuffix("notes.txt.trc", codec.getDefaultExtension()))
        .isEqualTo("notes.txt");
  }

  @Test
  void whatItWritesTheLibraryReadsAndTheOtherWayRound() throws IOException {
    byte[] plain = Texts.novel(10_000).getBytes(StandardCharsets.UTF_8);
    assertThat(Trc.decompress(compress(plain))).isEqualTo(plain);
    assertThat(decompress(Texts.member(Texts.pieces(plain, 1, 5000)))).isEqualTo(plain);
    assertThat(decompress(compress(new byte[0]))).isEmpty();
  }

  @Test
  void eachResetBeginsAMember() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CompressionOutputStream out = codec.createOutputStream(bytes);
    out.write("one ".getBytes(StandardCharsets.UTF_8));
    out.finish();
    int length = bytes.size();
    out.finish();
    assertThatThrownBy(() -> out.write('x')).isInstanceOf(IOException.class);
    assertThat(bytes.size()).isEqualTo(length);
    out.resetState();
    out.write("two ".getBytes(StandardCharsets.UTF_8));
    out.resetState();
    assertThat(new String(Trc.decompress(bytes.toByteArray()), StandardCharsets.UTF_8))
        .isEqualTo("one two ");
    int before = bytes.size();
    out.flush();
    out.close();
    assertThat(bytes.size()).as("no empty member at the end").isEqualTo(before);
    assertThatThrownBy(() -> out.write('x')).isInstanceOf(IOException.class);
  }

  @Test
  void aReaderIsResetToWhatFollows() throws IOException {
    byte[] first = compress("one".getBytes(StandardCharsets.UTF_8));
    byte[] second = compress("two".getBytes(StandardCharsets.UTF_8));
    org.apache.hadoop.io.DataInputBuffer buffer = new org.apache.hadoop.io.DataInputBuffer();
    try (CompressionInputStream in = codec.createInputStream(buffer, codec.createDecompressor())) {
      buffer.reset(first, first.length);
      assertThat(in.read()).isEqualTo('o');
      in.resetState();
      buffer.reset(second, second.length);
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("two");
    }
  }

  @Test
  void poolsHoldNothing() throws IOException {
    conf.setInt(TrcCodec.THREADS, 2);
    byte[] plain = Texts.novel(30_000).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3; i++) {
      Compressor compressor = CodecPool.getCompressor(codec, conf);
      assertThat(compressor).isNotNull();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (OutputStream out = codec.createOutputStream(bytes, compressor)) {
        out.write(plain);
      } finally {
        CodecPool.returnCompressor(compressor);
      }
      Decompressor decompressor = CodecPool.getDecompressor(codec);
      assertThat(decompressor).isNotNull();
      try (InputStream in =
          codec.createInputStream(new ByteArrayInputStream(bytes.toByteArray()), decompressor)) {
        assertThat(in.readNBytes(10_000)).hasSize(10_000);
      } finally {
        CodecPool.returnDecompressor(decompressor);
      }
      assertThat(CodecPool.getLeasedCompressorsCount(codec)).isZero();
      assertThat(CodecPool.getLeasedDecompressorsCount(codec)).isZero();
    }
    assertThat(CodecPool.getCompressor(codec).getClass().getDeclaredFields()).isEmpty();
    assertThat(Thread.getAllStackTraces().keySet())
        .as("threads of closed streams")
        .noneMatch(thread -> thread.getName().matches("trc-(en|de)coder.*"));
  }

  @Test
  void optionsComeFromTheConfiguration() throws IOException {
    byte[] plain = Texts.novel(20_000).getBytes(StandardCharsets.UTF_8);
    java.nio.file.Path file = folder.resolve("a.trc");
    conf.set(TrcCodec.BLOCK_SIZE, " 8k ");
    Files.write(file, compress(plain));
    assertThat(TrcIndex.read(file).blocks()).hasSize(3);
    conf.setInt(TrcCodec.LEVEL, 3);
    assertThat(compress(plain).length).isLessThan((int) Files.size(file));
    conf.set(TrcCodec.ENGINE, "portable");
    conf.set(TrcCodec.CODER, "bytes");
    conf.set(TrcCodec.MODEL, "embedded");
    conf.set(TrcCodec.MEMORY_LIMIT, "1g");
    conf.setBoolean(TrcCodec.VERIFY, true);
    conf.setInt(TrcCodec.THREADS, 0);
    assertThat(decompress(compress(plain))).isEqualTo(plain);
    codec.setConf(null);
    assertThat(decompress(compress(new byte[3]))).isEqualTo(new byte[3]);
  }

  @ParameterizedTest
  @CsvSource({
    "io.trc.level,10",
    "io.trc.level,best",
    "io.trc.engine,steam",
    "io.trc.coder,morse",
    "io.trc.threads,-1",
    "io.trc.block.size,5000",
    "io.trc.block.size,9g",
    "io.trc.block.size,large",
    "io.trc.memory.limit,0",
    "io.trc.verify,maybe",
    "io.trc.independent.blocks,yes"
  })
  void whatIsImpossibleNamesTheKey(String key, String value) {
    conf.set(key, value);
    assertThatThrownBy(() -> codec.createOutputStream(new ByteArrayOutputStream()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(key + "=" + value);
    assertThatThrownBy(() -> codec.createInputStream(new ByteArrayInputStream(new byte[0])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(key + "=" + value);
  }

  @Test
  void aModelThatIsNotThereNamesTheWayOut() {
    conf.set(TrcCodec.MODEL, "nowhere.gguf");
    assertThatThrownBy(() -> codec.createOutputStream(new ByteArrayOutputStream()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("io.trc.model=nowhere.gguf")
        .hasMessageContaining("-files");
    conf.set(TrcCodec.MODEL, "base");
    assertThatThrownBy(() -> codec.createOutputStream(new ByteArrayOutputStream()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("trc-model-base");
  }

  @Test
  void codingCanBeInterrupted() throws IOException {
    byte[] plain = Texts.novel(100_000).getBytes(StandardCharsets.UTF_8);
    byte[] archive = compress(plain);
    try (InputStream in = codec.createInputStream(new ByteArrayInputStream(archive))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(in::read).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).as("the flag stays").isTrue();
    }
    CompressionOutputStream out = codec.createOutputStream(new ByteArrayOutputStream());
    out.write(plain);
    Thread.currentThread().interrupt();
    assertThatThrownBy(out::finish).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).as("the flag stays").isTrue();
    out.close();
  }
}
