/** Lossless text compression by a language model and an entropy coder. */
@org.jspecify.annotations.NullMarked
module io.trc {
  requires static org.jspecify;
  requires io.trc.model;
  requires io.trc.kernels;
  requires org.tukaani.xz;
  requires com.sun.jna;
  requires jdk.management;

  exports io.trc;
  exports io.trc.files to
      io.trc.cli,
      io.trc.nio;

  // JNA reads the fields of C structs.
  opens io.trc.predict.llama to
      com.sun.jna;
}
