package io.trc.container;

/**
 * Where a block lies.
 *
 * @param number the block's number in its member, from 0
 * @param position the first byte of its record in the file
 * @param recordLength the bytes of its record
 * @param plainOffset the plain bytes of its member before it
 * @param plainLength its plain bytes
 */
public record BlockEntry(
    int number, long position, int recordLength, long plainOffset, int plainLength) {}
