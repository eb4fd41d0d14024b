package io.trc.block;

import io.trc.TrcCorruptedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.tukaani.xz.FinishableWrapperOutputStream;
import org.tukaani.xz.LZMA2InputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.UnsupportedOptionsException;

/** The fallback for what no model predicts well: a raw LZMA2 stream, made by XZ for Java. */
final class Lzma2 {
  private Lzma2() {}

  /** Higher levels have larger dictionaries only, and here the block is the dictionary. */
  private static final int HIGHEST_PRESET = 6;

  /**
   * The length of a match with which the encoder is content from the highest preset on: twice the
   * preset's helps logs much and costs little time.
   */
  private static final int NICE_LENGTH = 128;

  static byte[] encode(byte[] plain, int offset, int length, int level) {
    try {
      LZMA2Options options = options(length, level);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(length / 2 + 64);
      try (OutputStream out = options.getOutputStream(new FinishableWrapperOutputStream(bytes))) {
        out.write(plain, offset, length);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("LZMA2 refused a block in memory", e);
    }
  }

  private static LZMA2Options options(int length, int level) throws UnsupportedOptionsException {
    LZMA2Options options = new LZMA2Options(Math.min(level, HIGHEST_PRESET));
    options.setDictSize(dictionarySize(length));
    if (level >= HIGHEST_PRESET) {
      options.setNiceLen(level > HIGHEST_PRESET ? LZMA2Options.NICE_LEN_MAX : NICE_LENGTH);
    }
    return options;
  }

  /** The bytes that a quick encoder takes: up to a third more than {@link #encode}, in a fifth. */
  static int quickSize(byte[] plain, int offset, int length) {
    return encode(plain, offset, length, 1).length;
  }

  static byte[] decode(byte[] code, int plainLength) throws TrcCorruptedException {
    ByteArrayInputStream bytes = new ByteArrayInputStream(code);
    try (InputStream in = new LZMA2InputStream(bytes, dictionarySize(plainLength))) {
      byte[] plain = new byte[plainLength];
      if (in.readNBytes(plain, 0, plainLength) != plainLength
          || in.read() >= 0
          || bytes.available() > 0) {
        throw new TrcCorruptedException("an LZMA2 block has another length than it claims");
      }
      return plain;
    } catch (TrcCorruptedException e) {
      throw e;
    } catch (IOException e) {
      throw new TrcCorruptedException("an LZMA2 block cannot be decoded: " + e.getMessage(), e);
    }
  }

  /** Memory in bytes for encoding a block of this length; the encoder's is the greater need. */
  static long memory(int length, int level) {
    try {
      return options(length, level).getEncoderMemoryUsage() * 1024L;
    } catch (UnsupportedOptionsException e) {
      throw new IllegalArgumentException("no LZMA2 level " + level, e);
    }
  }

  /** The whole block is the dictionary, in steps that the format allows. */
  private static int dictionarySize(int length) {
    return Math.max(LZMA2Options.DICT_SIZE_MIN, length);
  }
}
