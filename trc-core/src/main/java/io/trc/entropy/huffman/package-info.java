/** A canonical Huffman code, built anew for every symbol. */
@NullMarked
package io.trc.entropy.huffman;

import org.jspecify.annotations.NullMarked;
