package io.trc.compress;

import io.trc.Trc;
import java.util.Map;
import org.apache.commons.compress.compressors.FileNameUtil;

/**
 * The signature and the file names of .trc, as Commons Compress has such a class for every format.
 *
 * <pre>{@code
 * TrcUtils.getCompressedFileName("notes.txt")     // notes.txt.trc
 * TrcUtils.getCompressedFileName("package.tar")   // package.ttr
 * TrcUtils.getUncompressedFileName("package.ttr") // package.tar
 * }</pre>
 */
public final class TrcUtils {
  private static final FileNameUtil FILE_NAMES =
      new FileNameUtil(Map.of(".ttr", ".tar", Trc.SUFFIX, "", "-trc", ""), Trc.SUFFIX);

  private TrcUtils() {}

  /** True if the first {@code length} bytes begin like a .trc stream; four are needed to tell. */
  public static boolean matches(byte[] signature, int length) {
    return Trc.matches(signature, length);
  }

  /** True if the file name ends in {@code .trc}, {@code .ttr} or {@code -trc}, in any case. */
  public static boolean isCompressedFileName(String fileName) {
    return FILE_NAMES.isCompressedFileName(fileName);
  }

  /**
   * The name of the file once compressed: {@code .tar} becomes {@code .ttr}, others get {@code
   * .trc}.
   */
  public static String getCompressedFileName(String fileName) {
    return FILE_NAMES.getCompressedFileName(fileName);
  }

  /**
   * The name of the file once decompressed: {@code .ttr} becomes {@code .tar}; {@code .trc} and
   * {@code -trc} are taken away; any other name stays as it is.
   */
  public static String getUncompressedFileName(String fileName) {
    return FILE_NAMES.getUncompressedFileName(fileName);
  }
}
