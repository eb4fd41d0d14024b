package io.trc.text;

import io.trc.TrcException;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.SlidingWindow;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;
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
  private final float[] logits;

  /**
   * Creates an encoder.
   *
   * @param window the context window in tokens
   */
  public TextEncoder(LanguageModel model, int window) {
    this.model = model;
    this.window = window;
    this.batch = batch(model, window);
    this.logits = new float[model.vocabulary().size()];
  }

  /**
   * The code of a text.
   *
   * @param encoder which of the encoders wrote it, counted from 0
   * @param tokens how many the text has
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Code(int encoder, byte[] bytes, int tokens) {}

  /**
   * The shortest code of a text by any of some encoders, which see the same logits; or null if the
   * model has no tokens for the text or all codes would be longer than {@code limit} bytes, which
   * ends the work early.
   *
   * @param text at least one byte
   * @param encoders at least one, all empty
   * @throws TrcException if the engine fails
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public @Nullable Code encode(byte[] text, int limit, List<? extends TokenEncoder> encoders)
      throws IOException {
    int[] tokens = model.vocabulary().tokenize(text, 0, text.length);
    if (tokens == null) {
      return null;
    }
    for (TokenEncoder encoder : encoders) {
      Arrays.setAll(tokens, i -> encoder.canonical(tokens[i]));
    }
    if (!encode(tokens, limit, encoders)) {
      return null;
    }
    Code shortest = null;
    for (int i = 0; i < encoders.size(); i++) {
      byte[] code = encoders.get(i).finish();
      boolean allowed = tokens.length <= TextDecoder.mostTokens(code.length);
      int most = shortest == null ? limit : shortest.bytes.length - 1;
      if (allowed && code.length <= most) {
        shortest = new Code(i, code, tokens.length);
      }
    }
    return shortest;
  }

  /** Codes tokens, or gives up when there are too many bytes. */
  private boolean encode(int[] tokens, int limit, List<? extends TokenEncoder> encoders)
      throws IOException {
    int[] input = new int[tokens.length];
    input[0] = model.vocabulary().startToken();
    System.arraycopy(tokens, 0, input, 1, tokens.length - 1);
    int done = 0;
    try (Lanes lanes = model.openLanes(1, window, batch)) {
      SlidingWindow sliding = new SlidingWindow(lanes);
      while (done < tokens.length) {
        Interruption.check();
        if (encoders.stream().allMatch(encoder -> encoder.size() > limit)) {
          return false;
        }
        int steps = sliding.advance(input, done, tokens.length - done);
        for (int step = 0; step < steps; step++) {
          lanes.logits(step, logits);
          for (TokenEncoder encoder : encoders) {
            encoder.encode(logits, tokens[done + step]);
          }
        }
        done += steps;
      }
    }
    return true;
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
