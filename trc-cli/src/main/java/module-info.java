/** The trc command. */
@org.jspecify.annotations.NullMarked
module io.trc.cli {
  requires static org.jspecify;
  requires io.trc;
  requires info.picocli;
  requires java.logging;

  opens io.trc.cli to
      info.picocli;
}
