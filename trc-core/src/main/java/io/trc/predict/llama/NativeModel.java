package io.trc.predict.llama;

import com.sun.jna.Pointer;
import io.trc.TrcException;
import io.trc.TrcModelException;
import io.trc.gguf.GgufFile;
import io.trc.predict.SharedModel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** The model of a {@link LlamaModel} and of every {@link LlamaLanes} opened from it. */
final class NativeModel extends SharedModel {
  private final Pointer pointer;
  private final int vocabularySize;

  private NativeModel(Pointer pointer, int vocabularySize) {
    this.pointer = pointer;
    this.vocabularySize = vocabularySize;
  }

  /** Loads a model whose header was checked. Its one user so far is the caller. */
  static NativeModel load(Path gguf, GgufFile header) throws TrcException {
    LlamaApi.ModelParams.ByValue params = LlamaApi.llama_model_default_params();
    params.n_gpu_layers = 0;
    // A mapped file that shrinks while it is used would end the process.
    params.use_mmap = 0;
    LlamaLog.INSTANCE.listen();
    Pointer pointer;
    String heard;
    try {
      pointer = LlamaApi.llama_model_load_from_file(path(gguf), params);
    } finally {
      heard = LlamaLog.INSTANCE.heard();
    }
    if (pointer == null) {
      throw new TrcModelException(header.name() + ": llama.cpp cannot load this model" + heard);
    }
    NativeModel model =
        new NativeModel(
            pointer, LlamaApi.llama_vocab_n_tokens(LlamaApi.llama_model_get_vocab(pointer)));
    if (LlamaApi.llama_model_has_encoder(pointer) != 0) {
      model.release();
      throw new TrcModelException(
          header.name() + ": a model with an encoder does not predict text token by token");
    }
    return model;
  }

  /** A C string, in the encoding in which Java gives paths to the system. */
  private static byte[] path(Path gguf) throws TrcModelException {
    String text = gguf.toAbsolutePath().toString();
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    Charset charset =
        gguf.getFileSystem().getSeparator().equals("/") && Charset.isSupported(encoding)
            ? Charset.forName(encoding)
            : StandardCharsets.UTF_8;
    byte[] bytes = text.getBytes(charset);
    if (!text.equals(new String(bytes, charset))) {
      throw new TrcModelException(text + ": llama.cpp cannot be given a file of this name");
    }
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  Pointer pointer() {
    return pointer;
  }

  int vocabularySize() {
    return vocabularySize;
  }

  /** Whether the model keeps a state instead of a cache, from which no token can be taken back. */
  boolean isRecurrent() {
    return LlamaApi.llama_model_is_recurrent(pointer) != 0;
  }

  @Override
  protected void free() {
    LlamaApi.llama_model_free(pointer);
  }
}
