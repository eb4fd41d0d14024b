package io.trc.text;

import io.trc.TrcException;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.SlidingWindow;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns texts into the codes of their tokens. The model sees a text in large batches.
 *
 * <p>Lanes are opened for each text and closed after it: the model sees to it that they are used
 * again. Confined to one thread; threads that encode in parallel have an encoder each.
 */
public final class TextEncoder {
  /** The logits of one batch take no more than so many bytes: 4 MiB. */
  private static final int BATCH_LOGITS = 4 << 20;

  private final LanguageModel model;
  private final int window;
  private final int batch;
  private final TokenCoder coder;
  private final TokenEncoder encoder;
  private final float[] logits;

  /**
   * Creates an encoder.
   *
   * @param window the context window in tokens
   */
  public TextEncoder(LanguageModel model, int window, TokenCoder coder) {
    this.model = model;
    this.window = window;
    this.batch = batch(model, window);
    this.coder = coder;
    this.encoder = coder.newEncoder();
    this.logits = new float[model.vocabulary().size()];
  }

  /**
   * The code of a text, or null if the model has no tokens for it or the code would be longer than
   * {@code limit} bytes, which ends the work early.
   *
   * @param text at least one byte
   * @throws TrcException if the engine fails
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public byte @Nullable [] encode(byte[] text, int limit) throws IOException {
    int[] tokens = tokenize(text, 0, text.length);
    if (tokens == null) {
      return null;
    }
    encoder.reset();
    if (encode(tokens, limit, null) < tokens.length) {
      return null;
    }
    byte[] code = encoder.finish();
    boolean allowed = tokens.length <= TextDecoder.mostTokens(code.length);
    return allowed && code.length <= limit ? code : null;
  }

  /**
   * What became of a part of a text.
   *
   * @param plain the bytes of the part
   * @param coded the bytes of its code
   */
  public record Sample(long plain, long coded) {}

  /**
   * Codes a piece of a text to see how well that goes, or returns null if the model has no tokens
   * for it. Only the last third of the piece counts: the first tokens have too little before them
   * to be like those of a whole text.
   *
   * @param mostTokens what comes after so many tokens is left out
   */
  public @Nullable Sample sample(byte[] text, int from, int length, int mostTokens)
      throws IOException {
    int[] all = tokenize(text, from, length);
    if (all == null) {
      return null;
    }
    int[] tokens = Arrays.copyOf(all, Math.min(all.length, mostTokens));
    int[] sizes = new int[tokens.length];
    encoder.reset();
    encode(tokens, Integer.MAX_VALUE, sizes);
    int warm = 2 * tokens.length / 3;
    long plain = 0;
    for (int token = warm + 1; token < tokens.length; token++) {
      plain += model.vocabulary().bytes(tokens[token]).length;
    }
    return new Sample(plain, sizes[tokens.length - 1] - sizes[warm]);
  }

  private int @Nullable [] tokenize(byte[] text, int from, int length) {
    int[] tokens = model.vocabulary().tokenize(text, from, length);
    if (tokens != null) {
      Arrays.setAll(tokens, i -> coder.canonical(tokens[i]));
    }
    return tokens;
  }

  /**
   * Codes tokens until there are too many bytes.
   *
   * @param sizes where to note the size of the code after each token, or null
   * @return the number of tokens coded
   */
  private int encode(int[] tokens, int limit, int @Nullable [] sizes) throws IOException {
    int[] input = new int[tokens.length];
    input[0] = model.vocabulary().startToken();
    System.arraycopy(tokens, 0, input, 1, tokens.length - 1);
    int done = 0;
    try (Lanes lanes = model.openLanes(1, window, batch)) {
      SlidingWindow sliding = new SlidingWindow(lanes);
      while (done < tokens.length && encoder.size() <= limit) {
        Interruption.check();
        int steps = sliding.advance(input, done, tokens.length - done);
        for (int step = 0; step < steps; step++) {
          lanes.logits(step, logits);
          encoder.encode(logits, tokens[done + step]);
          if (sizes != null) {
            sizes[done + step] = encoder.size();
          }
        }
        done += steps;
      }
    }
    return done;
  }

  private static int batch(LanguageModel model, int window) {
    int columns = Math.max(1, BATCH_LOGITS / Float.BYTES / model.vocabulary().size());
    int most = Math.min(Integer.highestOneBit(columns), Lanes.MAX_STEPS);
    return model.numerics().mostSteps(Math.min(most, window));
  }

  /** An upper estimate of the memory in bytes that one takes, beyond the model and the coder. */
  public static long memory(LanguageModel model, int window) {
    return model.lanesMemory(1, window, batch(model, window)) + 8L * model.vocabulary().size();
  }
}
