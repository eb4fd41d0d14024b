package io.trc.predict.portable;

import io.trc.gguf.GgufFile;
import io.trc.predict.LanguageModel;
import io.trc.predict.Vocabulary;
import io.trc.predict.llama.LlamaModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Compares every logit of both engines over long real texts: a check by hand, minutes long.
 *
 * <pre>{@code
 * java -cp TEST_CLASS_PATH io.trc.predict.portable.LongTextComparison model.gguf 512 20000 novel.txt
 * }</pre>
 *
 * <p>The arguments: the model, the window, the number of tokens taken from each file, the files.
 */
public final class LongTextComparison {
  private static final int BATCH = 256;

  private LongTextComparison() {}

  /** Prints a line for each file; exits with 1 if any logit differs. */
  public static void main(String[] args) throws IOException {
    Path gguf = Path.of(args[0]);
    int window = Integer.parseInt(args[1]);
    int length = Integer.parseInt(args[2]);
    GgufFile file = GgufFile.read(gguf);
    Vocabulary vocabulary = Evaluation.vocabulary(file);
    boolean same = true;
    try (LanguageModel other = LlamaModel.load(gguf, file, vocabulary);
        PortableModel model = PortableModel.load(file, vocabulary)) {
      for (String name : Arrays.asList(args).subList(3, args.length)) {
        byte[] text = Files.readAllBytes(Path.of(name));
        int[] tokens = vocabulary.tokenize(text, 0, text.length);
        tokens = Arrays.copyOf(tokens, Math.min(tokens.length, length));
        int expected = Evaluation.hash(other, tokens, window, BATCH);
        int actual = Evaluation.hash(model, tokens, window, BATCH);
        same &= actual == expected;
        System.out.printf(
            "%s: %d tokens, llama.cpp %08x, Java %08x%n", name, tokens.length, expected, actual);
      }
    }
    if (!same) {
      System.exit(1);
    }
  }
}
