package io.trc.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * Real logits of a model with 8192 tokens, tiled for larger vocabularies: each further tile is
 * another row, two nats lower, so that the tail grows as it does in larger models.
 */
final class Logits {
  /** One logit for each token of the vocabulary. */
  final float[][] rows;

  /** The token that followed each row in the text. */
  final int[] tokens;

  private Logits(float[][] rows, int[] tokens) {
    this.rows = rows;
    this.tokens = tokens;
  }

  static Logits load(int vocabularySize) throws IOException {
    InputStream resource = Logits.class.getResourceAsStream("logits.bin");
    if (resource == null) {
      throw new IOException("resource logits.bin is missing beside " + Logits.class);
    }
    try (DataInputStream in = new DataInputStream(new GZIPInputStream(resource))) {
      float[][] real = new float[in.readInt()][in.readInt()];
      int[] tokens = new int[real.length];
      for (int row = 0; row < real.length; row++) {
        tokens[row] = in.readInt();
      }
      for (float[] row : real) {
        for (int token = 0; token < row.length; token++) {
          row[token] = in.readByte();
        }
      }
      for (float[] row : real) {
        for (int token = 0; token < row.length; token++) {
          row[token] += in.readUnsignedByte() / 256f;
        }
      }
      float[][] rows = new float[real.length][vocabularySize];
      for (int row = 0; row < rows.length; row++) {
        for (int token = 0; token < vocabularySize; token++) {
          int tile = token / real[row].length;
          float[] source = real[(row + tile) % real.length];
          rows[row][token] = source[token % source.length] - 2 * tile;
        }
      }
      return new Logits(rows, tokens);
    }
  }
}
