package io.trc.container;

import java.util.List;

/**
 * A member of a file, as its index or its blocks' heads describe it.
 *
 * @param header its header
 * @param position its first byte in the file
 * @param length its bytes
 * @param plainOffset the plain bytes of the members before it
 * @param plainLength its plain bytes
 * @param blocks its blocks in order
 */
public record Member(
    StreamHeader header,
    long position,
    long length,
    long plainOffset,
    long plainLength,
    List<BlockEntry> blocks) {}
