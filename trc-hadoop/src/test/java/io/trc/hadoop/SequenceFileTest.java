package io.trc.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.IntWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sequence files, whose parts are members of their own. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Hadoop writes files there by winutils only")
class SequenceFileTest {
  @TempDir java.nio.file.Path folder;

  @ParameterizedTest
  @EnumSource(
      value = SequenceFile.CompressionType.class,
      names = {"RECORD", "BLOCK"})
  void whatIsWrittenIsRead(SequenceFile.CompressionType type) throws IOException {
    Configuration conf = Texts.configuration();
    conf.setInt("io.seqfile.compress.blocksize", 3000);
    TrcCodec codec = new TrcCodec();
    codec.setConf(conf);
    Path file = new Path(folder.resolve("a.seq").toUri());
    List<String> lines = Texts.novel(9000).lines().toList();
    try (SequenceFile.Writer writer =
        SequenceFile.createWriter(
            conf,
            SequenceFile.Writer.file(file),
            SequenceFile.Writer.keyClass(IntWritable.class),
            SequenceFile.Writer.valueClass(Text.class),
            SequenceFile.Writer.compression(type, codec))) {
      for (int i = 0; i < lines.size(); i++) {
        writer.append(new IntWritable(i), new Text(lines.get(i)));
        if (i % 3 == 2) {
          writer.sync();
        }
      }
    }
    List<String> read = new ArrayList<>();
    IntWritable key = new IntWritable();
    Text value = new Text();
    try (SequenceFile.Reader reader =
        new SequenceFile.Reader(conf, SequenceFile.Reader.file(file))) {
      assertThat(reader.getCompressionCodec()).isInstanceOf(TrcCodec.class);
      while (reader.next(key, value)) {
        assertThat(key.get()).isEqualTo(read.size());
        read.add(value.toString());
      }
    }
    assertThat(read).isEqualTo(lines);
    // From a mark in the middle on, as a task of a part does it.
    try (SequenceFile.Reader reader =
        new SequenceFile.Reader(conf, SequenceFile.Reader.file(file))) {
      reader.sync(Files.size(folder.resolve("a.seq")) / 2);
      assertThat(reader.next(key, value)).isTrue();
      assertThat(key.get()).isPositive();
      assertThat(value.toString()).isEqualTo(lines.get(key.get()));
    }
  }
}
