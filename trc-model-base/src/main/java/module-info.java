import io.trc.model.EmbeddedModel;
import io.trc.model.base.BaseModel;

/** The larger language model of TRC: a resource and the class that opens it. */
@org.jspecify.annotations.NullMarked
module io.trc.model.base {
  requires static org.jspecify;
  requires transitive io.trc.model;

  exports io.trc.model.base;

  provides EmbeddedModel with
      BaseModel;
}
