package io.trc.model.base;

import io.trc.model.EmbeddedModel;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The model trc-en-34m: 34.1 million parameters, vocabulary 8192, window 1024, Q8_0. It is used by
 * levels 7 to 9 where this artifact is on the class or module path; nobody needs to name it.
 */
public final class BaseModel extends EmbeddedModel {
  /** For the service loader. */
  public BaseModel() {
    super(
        Kind.BASE,
        "trc-en-34m-q8_0.gguf",
        36_423_424L,
        "a7137ca9f5b2f393a8929a41f94fe9e488372daf1730e1271ef9e317e832ebe0",
        0xd06b4539);
  }

  @Override
  protected @Nullable InputStream resource() {
    return BaseModel.class.getResourceAsStream(fileName());
  }
}
