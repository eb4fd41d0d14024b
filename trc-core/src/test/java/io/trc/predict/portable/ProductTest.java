package io.trc.predict.portable;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.gguf.GgmlType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductTest {
  private static final int BLOCK = QuantisedRows.BLOCK;
  private static final int BLOCK_BYTES = 34;

  /** Rows of all the weights there are, the least and the greatest often. */
  private static QuantisedRows rows(SplittableRandom random, int rows, int columns) {
    ByteBuffer data = ByteBuffer.allocate(rows * columns / BLOCK * BLOCK_BYTES);
    data.order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      data.putShort(Binary16.fromFloat((float) random.nextDouble(-1, 1)));
      int kind = random.nextInt(4);
      for (int i = 0; i < BLOCK; i++) {
        data.put((byte) (kind == 0 ? -128 : kind == 1 ? 127 : random.nextInt(-128, 128)));
      }
    }
    return new QuantisedRows(data, GgmlType.Q8_0, columns, rows);
  }

  private static QuantisedColumns columns(SplittableRandom random, int count, int length) {
    QuantisedColumns columns = new QuantisedColumns(count, length);
    for (int c = 0; c < count; c++) {
      for (int i = 0; i < length; i++) {
        columns.values[c][i] = random.nextInt(3) == 0 ? -127 : random.nextInt(-127, 128);
      }
      for (int b = 0; b < length / BLOCK; b++) {
        columns.scales[c][b] = (float) random.nextDouble(-1, 1);
      }
    }
    return columns;
  }

  /** The contract as it is written down, with integers. */
  private static float expected(QuantisedRows rows, int row, float[] values, float[] scales) {
    int blocks = rows.columns() / BLOCK;
    float[] sums = new float[8];
    int[] weights = new int[BLOCK];
    for (int b = 0; b < blocks; b++) {
      rows.weights(row * blocks + b, weights);
      for (int a = 0; a < sums.length; a++) {
        int sum = 0;
        for (int i = 4 * a; i < 4 * a + 4; i++) {
          sum += weights[i] * (int) values[b * BLOCK + i];
        }
        sums[a] = Math.fma(rows.scale(row * blocks + b) * scales[b], sum, sums[a]);
      }
    }
    return ((sums[0] + sums[4]) + (sums[2] + sums[6]))
        + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
  }

  @ParameterizedTest
  @CsvSource({
    "PAIRS, 1", "PAIRS, 2", "PAIRS, 3", "PAIRS, 16", "PAIRS, 37",
    "WORDS, 1", "WORDS, 2", "WORDS, 3", "WORDS, 16", "WORDS, 37",
  })
  void eachRowAndColumnIsThatOfTheContract(Packing packing, int count) {
    SplittableRandom random = new SplittableRandom(count);
    QuantisedRows upper = rows(random, 1100, 96);
    QuantisedRows lower = rows(random, 37, 96);
    QuantisedColumns columns = columns(random, count, 96);
    float[][] result = new float[count][upper.rows() + lower.rows()];

    new Product(count)
        .multiply(Matrix.stack(List.of(upper, lower), packing), columns, count, result, 0);

    for (int c = 0; c < count; c++) {
      for (int row = 0; row < result[c].length; row++) {
        boolean inUpper = row < upper.rows();
        QuantisedRows rows = inUpper ? upper : lower;
        int at = inUpper ? row : row - upper.rows();
        assertThat(result[c][row])
            .as("row %d of column %d", row, c)
            .isEqualTo(expected(rows, at, columns.values[c], columns.scales[c]));
      }
    }
  }
}
