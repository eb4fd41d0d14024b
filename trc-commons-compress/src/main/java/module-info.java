/** TRC inside Apache Commons Compress: by name, by detection, in tar. */
@org.jspecify.annotations.NullMarked
module io.trc.compress {
  requires static org.jspecify;
  requires transitive io.trc;
  requires transitive org.apache.commons.compress;
  requires transitive org.apache.commons.io;

  exports io.trc.compress;

  uses org.apache.commons.compress.compressors.CompressorStreamProvider;

  provides org.apache.commons.compress.compressors.CompressorStreamProvider with
      io.trc.compress.TrcCompressorStreamProvider;
}
