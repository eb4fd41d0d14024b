package io.trc.predict;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The rows of {@code logits.bin}: what the embedded model said of real texts. */
final class RealLogits {
  private RealLogits() {}

  static float[][] rows() throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new GZIPInputStream(
                Objects.requireNonNull(RealLogits.class.getResourceAsStream("logits.bin"))))) {
      float[][] rows = new float[in.readInt()][in.readInt()];
      in.skipNBytes(4L * rows.length);
      for (float[] row : rows) {
        for (int token = 0; token < row.length; token++) {
          row[token] = in.readByte();
        }
      }
      for (float[] row : rows) {
        for (int token = 0; token < row.length; token++) {
          row[token] += in.readUnsignedByte() / 256f;
        }
      }
      return rows;
    }
  }
}
