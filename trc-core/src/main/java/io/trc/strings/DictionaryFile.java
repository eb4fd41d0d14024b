package io.trc.strings;

import io.trc.TrcCorruptedException;
import io.trc.TrcException;
import io.trc.TrcFormatException;
import io.trc.TrcUnsupportedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.tukaani.xz.FinishableWrapperOutputStream;
import org.tukaani.xz.LZMA2InputStream;
import org.tukaani.xz.LZMA2Options;

/**
 * The bytes of a dictionary, as FORMAT.md has them:
 *
 * <pre>
 * 4  magic 8F 54 52 44
 * 1  version 1
 * 1  flags 0
 * 4  length of the samples with their marks, 2 to 2^22
 * 4  length of their LZMA2 stream
 * 4  length of the mixer's state
 * 4  crc of the bytes before
 * n  samples
 * n  state
 * 4  crc of all bytes before
 * </pre>
 */
final class DictionaryFile {
  /** The first bytes, as a little-endian integer. */
  static final int MAGIC = 0x4452_548F;

  static final byte VERSION = 1;

  /** The bytes before the samples. */
  static final int HEADER = 22;

  private static final int CRC = 4;

  /** More than any mixer's state takes. */
  private static final int MOST_STATE = 1 << 18;

  /** A match of so many bytes is long enough to look no further; the samples are short. */
  private static final int NICE_LENGTH = 128;

  private DictionaryFile() {}

  /** The parts of a file. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Parts(byte[] text, MixState state) {}

  static byte[] write(byte[] text, byte[] state) {
    byte[] samples = compress(text);
    ByteBuffer file =
        ByteBuffer.allocate(HEADER + samples.length + state.length + CRC)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(MAGIC).put(VERSION).put((byte) 0);
    file.putInt(text.length).putInt(samples.length).putInt(state.length);
    file.putInt(crc(file.array(), file.position())).put(samples).put(state);
    file.putInt(crc(file.array(), file.position()));
    return file.array();
  }

  static Parts read(byte[] file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < Integer.BYTES || in.getInt() != MAGIC) {
      throw new TrcFormatException("this is no dictionary of TRC");
    }
    if (file.length < HEADER) {
      throw new TrcCorruptedException("the dictionary ends within its header");
    }
    if (in.getInt(HEADER - CRC) != crc(file, HEADER - CRC)) {
      throw new TrcCorruptedException("the dictionary's header is damaged");
    }
    int version = in.get();
    int flags = in.get();
    if (version != VERSION || flags != 0) {
      throw new TrcUnsupportedException(
          "the dictionary is of version "
              + version
              + " with flags "
              + flags
              + "; this version of TRC knows version 1 without flags");
    }
    int textLength = in.getInt();
    int samples = in.getInt();
    int state = in.getInt();
    if (textLength < 2 || textLength > Samples.MOST || samples < 1 || samples > 2 * Samples.MOST) {
      throw new TrcFormatException("the dictionary's samples have an impossible length");
    }
    if (state < 0 || state > MOST_STATE) {
      throw new TrcFormatException("the dictionary's state has an impossible length");
    }
    if (file.length != HEADER + samples + state + CRC) {
      throw new TrcCorruptedException("the dictionary is shorter or longer than it says");
    }
    if (in.getInt(file.length - CRC) != crc(file, file.length - CRC)) {
      throw new TrcCorruptedException("the dictionary is damaged");
    }
    byte[] text = decompress(Arrays.copyOfRange(file, HEADER, HEADER + samples), textLength);
    int from = HEADER + samples;
    return new Parts(
        text, StateCode.decode(Arrays.copyOfRange(file, from, from + state), MixState.byBytes()));
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static int window(int length) {
    return Math.max(LZMA2Options.DICT_SIZE_MIN, length);
  }

  /** The LZMA2 stream of samples. */
  static byte[] compress(byte[] text) {
    try {
      LZMA2Options options = new LZMA2Options(6);
      options.setDictSize(window(text.length));
      options.setNiceLen(NICE_LENGTH);
      options.setLcLp(4, 0);
      options.setPb(0);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (OutputStream out = options.getOutputStream(new FinishableWrapperOutputStream(bytes))) {
        out.write(text);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("LZMA2 refused samples in memory", e);
    }
  }

  private static byte[] decompress(byte[] code, int length) throws TrcException {
    ByteArrayInputStream bytes = new ByteArrayInputStream(code);
    byte[] text = new byte[length];
    try (InputStream in = new LZMA2InputStream(bytes, window(length))) {
      if (in.readNBytes(text, 0, length) != length || in.read() >= 0 || bytes.available() > 0) {
        throw new TrcCorruptedException("the dictionary's samples are not of the length they say");
      }
    } catch (TrcCorruptedException e) {
      throw e;
    } catch (IOException e) {
      throw new TrcCorruptedException("the dictionary's samples are no LZMA2 stream", e);
    }
    if (text[0] != Samples.MARK || text[length - 1] != Samples.MARK) {
      throw new TrcFormatException("the dictionary's samples have no marks at their ends");
    }
    return text;
  }
}
