package io.trc.sample;

import io.trc.TrcDictionary;
import io.trc.TrcText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Strings as short Kafka records. With {@link #DICTIONARY} in the configuration, by that
 * dictionary, else by the embedded model. {@link ShortStringDeserializer} needs the same.
 */
public final class ShortStringSerializer implements Serializer<String> {
  /** The path of a dictionary. */
  public static final String DICTIONARY = "trc.dictionary";

  private TrcText text = TrcText.builder().build();

  /** By the embedded model, until it is configured. */
  public ShortStringSerializer() {}

  /** What both sides agree on by their configuration. */
  static TrcText agreement(Map<String, ?> configs) {
    Object path = configs.get(DICTIONARY);
    try {
      return path == null
          ? TrcText.builder().build()
          : TrcText.builder().dictionary(TrcDictionary.load(Path.of(path.toString()))).build();
    } catch (IOException e) {
      throw new SerializationException("the dictionary " + path + " cannot be loaded", e);
    }
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    text = agreement(configs);
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable String data) {
    try {
      return data == null ? null : text.encode(data);
    } catch (IOException | IllegalArgumentException e) {
      throw new SerializationException("a string for " + topic + " cannot be coded", e);
    }
  }
}
