package io.trc.model;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The model trc-en-9m. */
public final class SmallModel extends EmbeddedModel {
  /** For the service loader; everybody else takes {@link EmbeddedModel#small}. */
  public SmallModel() {
    super(
        Kind.SMALL,
        "trc-en-9m-q8_0.gguf",
        10_079_968L,
        "b6cc60a80e0ed8774f81861ebad393b2dde870b2f657d7c6fb12dac1c80f88c9",
        0xd38428d1);
  }

  @Override
  protected @Nullable InputStream resource() {
    return SmallModel.class.getResourceAsStream(fileName());
  }
}
