/** The native kernels of TRC: resources and the class that finds the one for this system. */
@org.jspecify.annotations.NullMarked
module io.trc.kernels {
  requires static org.jspecify;

  exports io.trc.kernels;
}
