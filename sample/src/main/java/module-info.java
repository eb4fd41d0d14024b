/** Small programs that show how TRC is used. */
@org.jspecify.annotations.NullMarked
module io.trc.sample {
  requires static org.jspecify;
  requires io.trc;
  requires io.trc.compress;
  requires jakarta.persistence;
  requires kafka.clients;
  requires com.google.zxing;
  requires com.fasterxml.jackson.databind;

  exports io.trc.sample;
}
