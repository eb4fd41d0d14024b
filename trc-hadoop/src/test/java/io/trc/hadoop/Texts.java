package io.trc.hadoop;

import io.trc.TrcOptions;
import io.trc.TrcOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.mapreduce.lib.input.LineRecordReader;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;

/** Texts, archives of them, and Hadoop's own reader of lines. */
final class Texts {
  /** Level 1, which needs no model, and the smallest blocks. */
  static final TrcOptions QUICK =
      TrcOptions.builder().level(1).blockSize(TrcOptions.BLOCK_SIZE_MIN).syncFlush(true).build();

  private Texts() {}

  static Configuration configuration() {
    Configuration conf = new Configuration();
    conf.setInt(TrcCodec.LEVEL, 1);
    conf.set(TrcCodec.BLOCK_SIZE, "4k");
    // Without a file of checksums beside each file.
    conf.setClass("fs.file.impl", RawLocalFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    conf.setBoolean("fs.file.impl.disable.cache", true);
    return conf;
  }

  static TaskAttemptContext task(Configuration conf) {
    return new TaskAttemptContextImpl(conf, new TaskAttemptID());
  }

  /** Some pages of a novel. */
  static String novel(int length) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Texts.class.getResourceAsStream("/io/trc/lord-jim.txt"))) {
      return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
  }

  /**
   * Bytes that are stored, so that reading them costs nothing, with a delimiter here and there, or
   * its beginning only.
   */
  static byte[] noise(int seed, int length, String delimiter) {
    Random random = new Random(seed);
    byte[] bytes = new byte[length];
    int i = 0;
    while (i < length) {
      int kind = random.nextInt(12);
      int part = kind == 0 ? delimiter.length() : kind == 1 ? 1 : 0;
      if (part == 0) {
        bytes[i++] = (byte) (0x80 + random.nextInt(0x80));
      }
      for (int k = 0; k < part && i < length; k++) {
        bytes[i++] = (byte) delimiter.charAt(k);
      }
    }
    return bytes;
  }

  /** A member with a block for each piece. */
  static byte[] member(List<byte[]> pieces) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TrcOutputStream out = new TrcOutputStream(bytes, QUICK)) {
      for (byte[] piece : pieces) {
        out.write(piece);
        out.flush();
      }
    }
    return bytes.toByteArray();
  }

  /** Cuts bytes into pieces of odd lengths. */
  static List<byte[]> pieces(byte[] bytes, int seed, int most) {
    Random random = new Random(seed);
    List<byte[]> pieces = new ArrayList<>();
    int from = 0;
    while (from < bytes.length) {
      int to = Math.min(bytes.length, from + 1 + random.nextInt(most));
      pieces.add(java.util.Arrays.copyOfRange(bytes, from, to));
      from = to;
    }
    return pieces;
  }

  /** The records that Hadoop finds in a part of a file. */
  static List<String> records(Configuration conf, Path file, long start, long length)
      throws IOException {
    String delimiter = conf.get("textinputformat.record.delimiter");
    byte[] bytes = delimiter == null ? null : delimiter.getBytes(StandardCharsets.ISO_8859_1);
    List<String> records = new ArrayList<>();
    try (LineRecordReader reader = new LineRecordReader(bytes)) {
      reader.initialize(new FileSplit(file, start, length, new String[0]), task(conf));
      while (reader.nextKeyValue()) {
        LongWritable unused = reader.getCurrentKey();
        Text value = reader.getCurrentValue();
        records.add(new String(value.copyBytes(), StandardCharsets.ISO_8859_1));
      }
    }
    return records;
  }

  /** Those of all parts of a size, in order. */
  static List<String> recordsOfParts(Configuration conf, Path file, long length, long part)
      throws IOException {
    List<String> records = new ArrayList<>();
    for (long start = 0; start < length; start += part) {
      records.addAll(records(conf, file, start, Math.min(part, length - start)));
    }
    return records;
  }
}
