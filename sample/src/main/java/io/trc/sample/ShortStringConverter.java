package io.trc.sample;

import io.trc.TrcText;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a string attribute of an entity as a short binary column: {@code @Convert(converter =
 * ShortStringConverter.class)}. By the embedded model; a subclass may pass a {@link TrcText} with a
 * dictionary, which is a hundred times as quick.
 *
 * <p>Equal strings have equal columns, so {@code where text = :text} works; {@code like} does not.
 */
@Converter
public class ShortStringConverter implements AttributeConverter<String, byte[]> {
  private final TrcText text;

  /** Without a dictionary, and with a check of one byte. */
  public ShortStringConverter() {
    this(TrcText.builder().check(1).build());
  }

  /** By what was agreed on for the column; it must not change while there are rows. */
  protected ShortStringConverter(TrcText text) {
    this.text = text;
  }

  @Override
  public byte @Nullable [] convertToDatabaseColumn(@Nullable String attribute) {
    try {
      return attribute == null ? null : text.encode(attribute);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public @Nullable String convertToEntityAttribute(byte @Nullable [] column) {
    try {
      return column == null ? null : text.decode(column);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
