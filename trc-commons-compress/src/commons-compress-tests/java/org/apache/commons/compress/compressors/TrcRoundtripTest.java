package org.apache.commons.compress.compressors;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Commons Compress's own round trip, unchanged, for the name "trc". The names that the inherited
 * test runs with are a fixed list in a static method, in whose place JUnit takes this one.
 */
class TrcRoundtripTest extends CompressorStreamFactoryRoundtripTest {
  public static Stream<Arguments> data() {
    return Stream.of("trc", "TRC", "Trc").map(Arguments::of);
  }
}
