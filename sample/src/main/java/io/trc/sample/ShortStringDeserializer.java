package io.trc.sample;

import io.trc.TrcText;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads what a {@link ShortStringSerializer} of the same configuration wrote. */
public final class ShortStringDeserializer implements Deserializer<String> {
  private TrcText text = TrcText.builder().build();

  /** By the embedded model, until it is configured. */
  public ShortStringDeserializer() {}

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    text = ShortStringSerializer.agreement(configs);
  }

  @Override
  public @Nullable String deserialize(String topic, byte @Nullable [] data) {
    try {
      return data == null ? null : text.decode(data);
    } catch (IOException e) {
      throw new SerializationException("a record of " + topic + " is no string of this kind", e);
    }
  }
}
