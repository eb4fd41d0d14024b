package io.trc.text;

import io.trc.TrcCorruptedException;
import io.trc.TrcEngineException;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.SlidingWindow;
import io.trc.predict.Vocabulary;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns codes back into texts. Several at once go through the model in lockstep, one lane each,
 * which shares the work on the model's weights.
 *
 * <p>Lanes are opened for each call and closed after it: the model sees to it that they are used
 * again. Confined to one thread; threads that decode in parallel have a decoder each. Whether the
 * texts are what was encoded is not checked here.
 */
public final class TextDecoder {
  /**
   * A byte of code stands for at most so many tokens, so that a few bytes cost little to refuse.
   */
  private static final int TOKENS_PER_BYTE = 64;

  private final LanguageModel model;
  private final int window;
  private final float[] logits;
  private int mostLanes = Lanes.MAX_LANES;

  /** Creates a decoder. */
  public TextDecoder(LanguageModel model, int window) {
    this.model = model;
    this.window = window;
    this.logits = new float[model.vocabulary().size()];
  }

  /**
   * A code and what it claims to be.
   *
   * @param decoder of the code
   * @param codeLength the bytes of the code
   * @param plainLength the bytes of the text, at least one
   */
  public record Coded(TokenDecoder decoder, int codeLength, int plainLength) {}

  /** The greatest number of tokens that a code of so many bytes may stand for. */
  static int mostTokens(int codeLength) {
    return (int) Math.min(Integer.MAX_VALUE, (codeLength + 4L) * TOKENS_PER_BYTE);
  }

  /**
   * Decodes texts side by side.
   *
   * @param codes at least one, and as many as the model evaluates in lockstep
   * @return the texts
   * @throws TrcCorruptedException if a code is none of as many bytes as it claims
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public byte[][] decode(List<Coded> codes) throws IOException {
    int count = codes.size();
    try (Lanes lanes = count <= mostLanes ? open(count) : null) {
      if (lanes != null) {
        return decode(codes, lanes);
      }
    }
    byte[][] texts = Arrays.copyOf(decode(codes.subList(0, count / 2)), count);
    byte[][] rest = decode(codes.subList(count / 2, count));
    System.arraycopy(rest, 0, texts, count / 2, rest.length);
    return texts;
  }

  /** The lanes, or null if memory does not suffice for so many; then fewer are asked for. */
  private @Nullable Lanes open(int count) throws IOException {
    try {
      return model.openLanes(count, window, 1);
    } catch (TrcEngineException e) {
      if (count == 1) {
        throw e;
      }
      mostLanes = count / 2;
      return null;
    }
  }

  private byte[][] decode(List<Coded> codes, Lanes lanes) throws IOException {
    int count = codes.size();
    SlidingWindow sliding = new SlidingWindow(lanes);
    Vocabulary vocabulary = model.vocabulary();
    Text[] texts = new Text[count];
    int[] tokens = new int[count];
    Arrays.fill(tokens, vocabulary.startToken());
    for (int lane = 0; lane < count; lane++) {
      texts[lane] = new Text(codes.get(lane));
    }
    int open = count;
    while (open > 0) {
      Interruption.check();
      sliding.advance(tokens, 0, 1);
      for (int lane = 0; lane < count; lane++) {
        Text text = texts[lane];
        if (text.isWhole()) {
          continue; // its lane marches on with the last token, so that all stay in step
        }
        lanes.logits(lane, logits);
        tokens[lane] = text.decoder.decode(logits);
        text.append(vocabulary.bytes(tokens[lane]));
        if (text.isWhole()) {
          text.decoder.finish();
          open--;
        }
      }
    }
    byte[][] plain = new byte[count][];
    for (int lane = 0; lane < count; lane++) {
      plain[lane] = texts[lane].bytes;
    }
    return plain;
  }

  /** An upper estimate of the memory in bytes that one takes, beyond the model and the coders. */
  public static long memory(LanguageModel model, int window, int lanes) {
    return model.lanesMemory(lanes, window, 1) + 8L * model.vocabulary().size();
  }

  /** A text on its way: what was decoded of it so far. */
  private static final class Text {
    final TokenDecoder decoder;
    byte[] bytes;
    private final int plainLength;
    private int length;
    private int tokensLeft;

    Text(Coded coded) {
      int codeLength = coded.codeLength;
      decoder = coded.decoder;
      plainLength = coded.plainLength;
      tokensLeft = mostTokens(codeLength);
      // What a code only claims to hold is not taken before it comes.
      bytes = new byte[Math.min(plainLength, Math.max(64, 16 * codeLength))];
    }

    boolean isWhole() {
      return length == plainLength;
    }

    void append(byte[] token) throws TrcCorruptedException {
      // A token without bytes is never written; it would let a damaged text go on for ever.
      if (token.length == 0 || token.length > plainLength - length) {
        throw new TrcCorruptedException("a block holds a token that does not fit");
      }
      if (--tokensLeft < 0) {
        throw new TrcCorruptedException("a block claims more than its payload can hold");
      }
      if (token.length > bytes.length - length) {
        int more = (int) Math.min(plainLength, 2L * bytes.length + token.length);
        bytes = Arrays.copyOf(bytes, more);
      }
      System.arraycopy(token, 0, bytes, length, token.length);
      length += token.length;
    }
  }
}
