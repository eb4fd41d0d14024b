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

/** The fallback for what no model predicts well: a raw LZMA2 stream, made by XZ for Java. */
final class Lzma2 {
  private Lzma2() {}

  static byte[] encode(byte[] plain, int offset, int length, int preset) {
    try {
      LZMA2Options options = new LZMA2Options(preset);
      options.setDictSize(dictionarySize(length));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(length / 2 + 64);
      try (OutputStream out = options.getOutputStream(new FinishableWrapperOutputStream(bytes))) {
        out.write(plain, offset, length);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("LZMA2 refused a block in memory", e);
    }
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
  static long memory(int length, int preset) {
    try {
      LZMA2Options options = new LZMA2Options(preset);
      options.setDictSize(dictionarySize(length));
      return options.getEncoderMemoryUsage() * 1024L;
    } catch (org.tukaani.xz.UnsupportedOptionsException e) {
      throw new IllegalArgumentException("no LZMA2 preset " + preset, e);
    }
  }

  /** The whole block is the dictionary, in steps that the format allows. */
  private static int dictionarySize(int length) {
    return Math.max(LZMA2Options.DICT_SIZE_MIN, length);
  }
}
