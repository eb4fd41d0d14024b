import io.trc.model.EmbeddedModel;
import io.trc.model.SmallModel;

/** The embedded language model of TRC: a resource and the class that opens it. */
@org.jspecify.annotations.NullMarked
module io.trc.model {
  requires static org.jspecify;

  exports io.trc.model;

  uses EmbeddedModel;

  provides EmbeddedModel with
      SmallModel;
}
