package io.trc.block;

/**
 * A coded block.
 *
 * @param coding how it was coded
 * @param bytes the coded bytes; not copied, not to be changed
 * @param plainLength the number of plain bytes that it stands for
 */
public record Payload(Coding coding, byte[] bytes, int plainLength) {}
