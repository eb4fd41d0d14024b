package io.trc.sample;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.ChecksumException;
import com.google.zxing.EncodeHintType;
import com.google.zxing.FormatException;
import com.google.zxing.LuminanceSource;
import com.google.zxing.NotFoundException;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import com.google.zxing.qrcode.QRCodeWriter;
import io.trc.TrcText;
import io.trc.TrcTextForm;
import java.io.IOException;
import java.util.Map;

/**
 * A QR code that holds more than twice the text: the message is written in the alphabet of the
 * code's alphanumeric mode, so that no bit of it is lost.
 */
public final class ShortQrCode {
  private static final int PIXELS = 4;

  private final TrcText text;

  /** Codes by what writer and reader agreed on. */
  public ShortQrCode(TrcText text) {
    this.text = text;
  }

  /**
   * Draws a code of a version, 1 to 40, which is its size.
   *
   * @throws WriterException if it cannot hold the string
   */
  public BitMatrix write(String string, int version) throws IOException, WriterException {
    return draw(text.encode(string, TrcTextForm.BASE45), version);
  }

  /** Draws a code of a string as it is. */
  static BitMatrix draw(String contents, int version) throws WriterException {
    int size = PIXELS * (17 + 4 * version + 8);
    return new QRCodeWriter()
        .encode(
            contents,
            BarcodeFormat.QR_CODE,
            size,
            size,
            Map.of(EncodeHintType.QR_VERSION, version, EncodeHintType.CHARACTER_SET, "UTF-8"));
  }

  /** Reads a picture of a code. */
  public String read(BitMatrix picture)
      throws IOException, NotFoundException, ChecksumException, FormatException {
    int width = picture.getWidth();
    int height = picture.getHeight();
    int[] pixels = new int[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = picture.get(i % width, i / width) ? 0 : 0xffffff;
    }
    LuminanceSource source = new RGBLuminanceSource(width, height, pixels);
    String contents =
        new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(source))).getText();
    return text.decode(contents, TrcTextForm.BASE45);
  }
}
