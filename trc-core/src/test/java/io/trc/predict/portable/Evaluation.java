package io.trc.predict.portable;

import io.trc.TrcEngineException;
import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufVocabulary;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.SlidingWindow;
import io.trc.predict.Vocabulary;
import io.trc.predict.llama.LlamaModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Assumptions;

/** Models evaluated over texts, for tests. */
final class Evaluation {
  private Evaluation() {}

  static PortableModel load(byte[] gguf) throws IOException {
    return load(gguf, Packing.best());
  }

  static PortableModel load(byte[] gguf, Packing packing) throws IOException {
    GgufFile file = GgufFile.of(ByteBuffer.wrap(gguf), "model in memory");
    return PortableModel.load(file, vocabulary(file), packing);
  }

  /** The model in llama.cpp; the test is skipped where that is missing or another build. */
  static LanguageModel loadNative(byte[] gguf, Path folder) throws IOException {
    Path path = Files.write(folder.resolve("model.gguf"), gguf);
    GgufFile file = GgufFile.read(path);
    LanguageModel model;
    try {
      model = LlamaModel.load(path, file, vocabulary(file));
    } catch (TrcEngineException e) {
      return Assumptions.abort("llama.cpp is not available: " + e.getMessage());
    }
    boolean same =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");
    if (!same) {
      model.close();
      Assumptions.abort("llama.cpp has another arithmetic here");
    }
    return model;
  }

  static Vocabulary vocabulary(GgufFile file) throws IOException {
    return GgufVocabulary.of(file);
  }

  /** The same tokens for the same length and vocabulary, everywhere. */
  static int[] randomTokens(int length, int vocabulary) {
    return new SplittableRandom(length).ints(length, 0, vocabulary).toArray();
  }

  /** Texts for lanes, each further on in the same tokens. */
  static int[][] lanes(int[] tokens, int count) {
    int[][] texts = new int[count][tokens.length];
    for (int lane = 0; lane < count; lane++) {
      for (int i = 0; i < tokens.length; i++) {
        texts[lane][i] = tokens[(i + 7 * lane) % tokens.length];
      }
    }
    return texts;
  }

  /** What becomes of the logits of a column. */
  interface Sink {
    void accept(int lane, int step, float[] logits);
  }

  /** Evaluates texts of one length side by side. */
  static void evaluate(LanguageModel model, int[][] texts, int window, int maxSteps, Sink sink)
      throws IOException {
    int count = texts.length;
    int length = texts[0].length;
    int[] columns = new int[count * length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = texts[i % count][i / count];
    }
    float[] logits = new float[model.vocabulary().size()];
    try (Lanes lanes = model.openLanes(count, window, maxSteps)) {
      SlidingWindow sliding = new SlidingWindow(lanes);
      for (int step = 0; step < length; ) {
        int taken = sliding.advance(columns, step * count, length - step);
        for (int c = 0; c < taken * count; c++) {
          lanes.logits(c, logits);
          sink.accept(c % count, step + c / count, logits);
        }
        step += taken;
      }
    }
  }

  /** CRC32C of the logits of each lane, step by step, as little-endian floats. */
  static int[] hashes(LanguageModel model, int[][] texts, int window, int maxSteps)
      throws IOException {
    CRC32C[] sums = new CRC32C[texts.length];
    for (int lane = 0; lane < sums.length; lane++) {
      sums[lane] = new CRC32C();
    }
    evaluate(
        model, texts, window, maxSteps, (lane, step, logits) -> sums[lane].update(bytes(logits)));
    int[] hashes = new int[sums.length];
    for (int lane = 0; lane < sums.length; lane++) {
      hashes[lane] = (int) sums[lane].getValue();
    }
    return hashes;
  }

  static int hash(LanguageModel model, int[] text, int window, int maxSteps) throws IOException {
    return hashes(model, new int[][] {text}, window, maxSteps)[0];
  }

  static byte[] bytes(float[] logits) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * logits.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(logits);
    return bytes.array();
  }
}
