package io.trc.gguf;

import io.trc.TrcModelException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Turns away models that cannot predict text, and those at odds with themselves for which the
 * native library (llama.cpp b4916) ends the process or reads beyond its memory.
 */
final class GgufCheck {
  private static final int MAX_BLOCKS = 512;
  private static final int MAX_LENGTH = 1 << 24;
  private static final int MAX_EXPERTS = 256;

  private static final Set<String> ENCODERS =
      Set.of("bert", "nomic-bert", "jina-bert-v2", "t5encoder", "wavtokenizer-dec");
  private static final Set<String> ENCODER_DECODERS = Set.of("t5");
  private static final Set<String> WITHOUT_HEADS =
      Set.of("mamba", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7");
  private static final Set<String> ROPE_SCALINGS = Set.of("none", "linear", "yarn", "longrope");

  private final GgufFile file;
  private final String architecture;

  GgufCheck(GgufFile file) {
    this.file = file;
    this.architecture = file.architecture();
  }

  void check() throws TrcModelException {
    checkArchitecture();
    int tokens = checkTokens();
    int blocks = number("block_count", 1, MAX_BLOCKS);
    int embedding = number("embedding_length", 1, MAX_LENGTH);
    number("context_length", 1, Integer.MAX_VALUE);
    checkScalars();
    for (GgufFile.Tensor tensor : file.tensors()) {
      checkTensor(tensor);
    }
    if (file.has(architecture + ".feed_forward_length")) {
      perBlock("feed_forward_length", blocks);
    }
    if (!WITHOUT_HEADS.contains(architecture)) {
      checkHeads(blocks, embedding);
    }
    require("token_embd.weight", embedding, tokens);
    if (architecture.equals("llama")) {
      checkLlama(blocks, embedding, tokens);
    }
  }

  private void checkArchitecture() throws TrcModelException {
    if (architecture.isEmpty()) {
      throw file.bad("the file does not say what architecture the model is of");
    }
    if (ENCODERS.contains(architecture)) {
      throw file.bad("an encoder-only model (" + architecture + ") cannot predict the next token");
    }
    if (ENCODER_DECODERS.contains(architecture)) {
      throw file.bad(
          "an encoder-decoder model ("
              + architecture
              + ") cannot predict plain text; a"
              + " decoder-only one is needed");
    }
    if (file.integer("split.count").orElse(0) > 1) {
      throw file.bad("the model is split into several files; merge them with llama-gguf-split");
    }
  }

  /** Checks the vocabulary and counts its tokens. */
  private int checkTokens() throws TrcModelException {
    String model = file.string("tokenizer.ggml.model");
    if (model == null) {
      throw file.bad("the file has no tokenizer.ggml.model");
    }
    if (!model.equals("llama") && !model.equals("gpt2")) {
      throw file.bad(
          "the tokenizer '" + model + "' is not supported; those named llama and gpt2 are");
    }
    byte[][] tokens = file.strings("tokenizer.ggml.tokens");
    if (tokens == null || tokens.length == 0) {
      throw file.bad("the file has no tokenizer.ggml.tokens");
    }
    Set<String> texts = new HashSet<>();
    for (int i = 0; i < tokens.length; i++) {
      if (!texts.add(nativeText(tokens[i], i))) {
        throw file.bad(
            "the text of token "
                + i
                + " is that of another token too: '"
                + nativeText(tokens[i], i)
                + "'");
      }
    }
    checkTokenArrays(model, tokens.length);
    for (String id : List.of("bos", "eos")) {
      String key = "tokenizer.ggml." + id + "_token_id";
      long token = file.integer(key).orElse(0);
      if (token < 0 || token >= tokens.length) {
        throw file.bad(key + " is " + token + ", but there are only " + tokens.length + " tokens");
      }
    }
    long size = file.integer(architecture + ".vocab_size").orElse(tokens.length);
    if (size != tokens.length) {
      throw file.bad(
          architecture + ".vocab_size is " + size + ", but there are " + tokens.length + " tokens");
    }
    return tokens.length;
  }

  private void checkTokenArrays(String model, int count) throws TrcModelException {
    // The native library reads these without looking at their kind or length.
    float[] scores = file.floats("tokenizer.ggml.scores");
    if (file.has("tokenizer.ggml.scores") && (scores == null || scores.length != count)) {
      throw file.bad("tokenizer.ggml.scores must be " + count + " floats, one for each token");
    }
    int[] types = file.integers("tokenizer.ggml.token_type");
    if (file.has("tokenizer.ggml.token_type")
        && (types == null
            || types.length != count
            || !file.hasWideIntegers("tokenizer.ggml.token_type"))) {
      throw file.bad("tokenizer.ggml.token_type must be " + count + " integers, one a token");
    }
    if (model.equals("llama") && scores == null) {
      throw file.bad("the file has no tokenizer.ggml.scores");
    }
    if (model.equals("gpt2") && file.strings("tokenizer.ggml.merges") == null) {
      throw file.bad("the file has no tokenizer.ggml.merges");
    }
  }

  /**
   * A token's text as the native library sees it: up to a NUL, and named by its number if that
   * leaves nothing. Latin-1 keeps different bytes different.
   */
  private static String nativeText(byte[] token, int id) {
    int length = 0;
    while (length < token.length && token[length] != 0) {
      length++;
    }
    return length == 0
        ? "[EMPTY_" + id + "]"
        : new String(token, 0, length, StandardCharsets.ISO_8859_1);
  }

  private void checkScalars() throws TrcModelException {
    String scaling = file.string(architecture + ".rope.scaling.type");
    if (scaling != null && !ROPE_SCALINGS.contains(scaling)) {
      throw file.bad("the RoPE scaling '" + scaling + "' is unknown");
    }
    for (String key :
        List.of(
            "attention.layer_norm_rms_epsilon", "attention.layer_norm_epsilon", "rope.freq_base")) {
      double value = file.real(architecture + "." + key).orElse(1);
      if (!(value > 0 && value < Float.MAX_VALUE)) {
        throw file.bad(architecture + "." + key + " is " + value + ", which is not possible");
      }
    }
    long experts = file.integer(architecture + ".expert_count").orElse(0);
    long used = file.integer(architecture + ".expert_used_count").orElse(0);
    if (experts < 0
        || experts > MAX_EXPERTS
        || used < 0
        || used > experts
        || (used == 0) != (experts == 0)) {
      throw file.bad(used + " of " + experts + " experts are not possible");
    }
  }

  private void checkTensor(GgufFile.Tensor tensor) throws TrcModelException {
    GgmlType type = tensor.type();
    boolean row = tensor.shape().length == 1;
    if (row ? type != GgmlType.F32 : !type.weight()) {
      throw file.bad("tensor '" + tensor.name() + "' cannot be of type " + type);
    }
  }

  private void checkHeads(int blocks, int embedding) throws TrcModelException {
    int[] heads = perBlock("attention.head_count", blocks);
    int[] shared = sharedHeads(blocks, heads);
    boolean keyLength = file.has(architecture + ".attention.key_length");
    // Some architectures leave attention, or its keys, out of some blocks.
    boolean gaps = !architecture.equals("llama");
    for (int i = 0; i < blocks; i++) {
      if (gaps && (heads[i] == 0 || shared[i] == 0) && heads[0] > 0) {
        continue;
      }
      if (heads[i] < 1 || heads[i] > embedding || (!keyLength && embedding % heads[i] != 0)) {
        throw file.bad(heads[i] + " attention heads do not divide an embedding of " + embedding);
      }
      if (shared[i] < 1 || heads[i] % shared[i] != 0) {
        throw file.bad(
            heads[i] + " attention heads cannot share " + shared[i] + " keys and values");
      }
    }
    if (keyLength) {
      number("attention.key_length", 1, MAX_LENGTH);
    }
    if (file.has(architecture + ".attention.value_length")) {
      number("attention.value_length", 1, MAX_LENGTH);
    }
    if (file.has(architecture + ".rope.dimension_count")) {
      int rope = number("rope.dimension_count", 0, MAX_LENGTH);
      if (rope % 2 != 0 || rope > headSize(embedding, heads[0])) {
        throw file.bad("RoPE cannot turn " + rope + " numbers of an attention head");
      }
    }
  }

  private int headSize(int embedding, int heads) {
    return (int) file.integer(architecture + ".attention.key_length").orElse(embedding / heads);
  }

  private void checkLlama(int blocks, int embedding, int tokens) throws TrcModelException {
    int[] heads = perBlock("attention.head_count", blocks);
    int[] shared = sharedHeads(blocks, heads);
    int[] inner = perBlock("feed_forward_length", blocks);
    boolean experts = file.integer("llama.expert_count").orElse(0) > 0;
    require("output_norm.weight", embedding);
    if (file.tensor("output.weight") != null) {
      require("output.weight", embedding, tokens);
    }
    // One head size holds for all blocks, as in the native library.
    int keys = headSize(embedding, heads[0]);
    int values = (int) file.integer("llama.attention.value_length").orElse(embedding / heads[0]);
    if (file.has("llama.rope.dimension_count")) {
      number("rope.dimension_count", keys, keys);
    }
    for (int i = 0; i < blocks; i++) {
      String block = "blk." + i + ".";
      require(block + "attn_norm.weight", embedding);
      require(block + "attn_q.weight", embedding, (long) heads[i] * keys);
      require(block + "attn_k.weight", embedding, (long) shared[i] * keys);
      require(block + "attn_v.weight", embedding, (long) shared[i] * values);
      require(block + "attn_output.weight", (long) heads[i] * values, embedding);
      require(block + "ffn_norm.weight", embedding);
      if (!experts) {
        require(block + "ffn_gate.weight", embedding, inner[i]);
        require(block + "ffn_up.weight", embedding, inner[i]);
        require(block + "ffn_down.weight", inner[i], embedding);
      }
    }
  }

  /** A whole number of the architecture, which the file must have. */
  private int number(String key, int least, int most) throws TrcModelException {
    String full = architecture + "." + key;
    OptionalLong value = file.integer(full);
    if (value.isEmpty()) {
      throw file.bad("the file has no " + full);
    }
    if (value.getAsLong() < least || value.getAsLong() > most) {
      throw file.bad(
          full
              + " is "
              + value.getAsLong()
              + ", not "
              + least
              + (least == most ? "" : " to " + most));
    }
    return (int) value.getAsLong();
  }

  private int[] sharedHeads(int blocks, int[] heads) throws TrcModelException {
    String key = "attention.head_count_kv";
    return file.has(architecture + "." + key) ? perBlock(key, blocks) : heads;
  }

  /** A number for each block: the file has one for all, or one for each. */
  private int[] perBlock(String key, int blocks) throws TrcModelException {
    String full = architecture + "." + key;
    int[] values = file.integers(full);
    if (values != null) {
      // The native library ends the process over arrays of any other kind.
      if (!file.hasWideIntegers(full) || values.length < blocks) {
        throw file.bad(full + " must be " + blocks + " integers, one for each block");
      }
      for (int value : values) {
        if (value < 0 || value > MAX_LENGTH) {
          throw file.bad(full + " has an impossible value, " + value);
        }
      }
      return values;
    }
    int[] same = new int[blocks];
    Arrays.fill(same, number(key, 0, MAX_LENGTH));
    return same;
  }

  /** Checks that the file has a tensor, of just this shape. */
  private void require(String name, long... shape) throws TrcModelException {
    GgufFile.Tensor tensor = file.tensor(name);
    if (tensor == null) {
      throw file.bad("the tensor '" + name + "' is missing");
    }
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw file.bad(
          "tensor '"
              + name
              + "' is of shape "
              + Arrays.toString(tensor.shape())
              + ", not "
              + Arrays.toString(shape));
    }
  }
}
