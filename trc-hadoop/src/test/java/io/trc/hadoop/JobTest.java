package io.trc.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.Trc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskCounter;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.map.InverseMapper;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A whole job: several tasks read one file, the codec carries what they sort and writes it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Hadoop writes files there by winutils only")
@Tag("slow")
class JobTest {
  @TempDir java.nio.file.Path folder;

  @Test
  void aJobSortsTheLinesOfAFile() throws Exception {
    String text = Texts.novel(60_000);
    text = text.substring(0, text.lastIndexOf('\n') + 1);
    Configuration conf = Texts.configuration();
    TrcCodec codec = new TrcCodec();
    codec.setConf(conf);
    java.nio.file.Path input = folder.resolve("novel.txt.trc");
    try (var out = codec.createOutputStream(Files.newOutputStream(input))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    conf.unset("fs.file.impl"); // the local runner wants its own
    conf.set("hadoop.tmp.dir", folder.resolve("tmp").toString());
    conf.setBoolean("mapreduce.map.output.compress", true);
    conf.set("mapreduce.map.output.compress.codec", TrcCodec.class.getName());
    conf.setLong(FileInputFormat.SPLIT_MAXSIZE, Files.size(input) / 4);
    Job job = Job.getInstance(conf);
    job.setMapperClass(InverseMapper.class); // the lines become the keys
    job.setOutputKeyClass(Text.class);
    job.setOutputValueClass(LongWritable.class);
    FileInputFormat.addInputPath(job, new Path(input.toUri()));
    java.nio.file.Path output = folder.resolve("out");
    FileOutputFormat.setOutputPath(job, new Path(output.toUri()));
    FileOutputFormat.setCompressOutput(job, true);
    FileOutputFormat.setOutputCompressorClass(job, TrcCodec.class);
    assertThat(job.waitForCompletion(false)).isTrue();
    assertThat(job.getCounters().findCounter(TaskCounter.MAP_INPUT_RECORDS).getValue())
        .isEqualTo(text.lines().count());
    List<String> sorted =
        new String(
                Trc.decompress(Files.readAllBytes(output.resolve("part-r-00000.trc"))),
                StandardCharsets.UTF_8)
            .lines()
            .map(line -> line.substring(0, line.lastIndexOf('\t')))
            .toList();
    assertThat(sorted).containsExactlyInAnyOrderElementsOf(text.lines().toList());
    assertThat(sorted).isSortedAccordingTo((a, b) -> new Text(a).compareTo(new Text(b)));
  }
}
