/**
 * A file system whose text files are stored compressed and read as plain. {@link
 * io.trc.nio.TrcFileSystems} opens one; the rest is {@code java.nio.file}.
 */
@NullMarked
package io.trc.nio;

import org.jspecify.annotations.NullMarked;
