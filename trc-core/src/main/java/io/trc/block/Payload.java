package io.trc.block;

/** A coded block. */
public final class Payload {
  private final Coding coding;
  private final byte[] bytes;
  private final int plainLength;

  /**
   * Takes over coded bytes, without a copy.
   *
   * @param coding how they were coded
   * @param plainLength the number of plain bytes that they stand for
   */
  public Payload(Coding coding, byte[] bytes, int plainLength) {
    this.coding = coding;
    this.bytes = bytes;
    this.plainLength = plainLength;
  }

  /** How the block was coded. */
  public Coding coding() {
    return coding;
  }

  /** The coded bytes; not a copy, not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** The number of plain bytes that it stands for. */
  public int plainLength() {
    return plainLength;
  }
}
