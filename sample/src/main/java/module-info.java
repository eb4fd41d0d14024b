/** Small programs that show how TRC is used. */
@org.jspecify.annotations.NullMarked
module io.trc.sample {
  requires static org.jspecify;
  requires io.trc;
  requires io.trc.compress;

  exports io.trc.sample;
}
