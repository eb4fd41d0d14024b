package io.trc.block;

import io.trc.predict.LanguageModel;
import java.io.IOException;

/**
 * What predicts the text of blocks.
 *
 * @param window the context window in tokens
 */
public record Prediction(LanguageModel model, int window) {
  /** Loads the model when the first text needs it. */
  public interface Source {
    /**
     * The same at every call.
     *
     * @throws IOException if the model cannot be found or loaded
     */
    Prediction get() throws IOException;
  }
}
