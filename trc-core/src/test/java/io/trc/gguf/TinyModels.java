package io.trc.gguf;

import io.trc.TrcModelException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Makes LLaMA-architecture models of random weights, a few hundred kilobytes small: the same file
 * for the same seed and settings, everywhere.
 *
 * <pre>{@code
 * Path file = new TinyModels(1).layers(3).type(GgufWriter.Q5_0).write(folder.resolve("m.gguf"));
 * GgufFile same = new TinyModels(1).layers(3).type(GgufWriter.Q5_0).file();
 * }</pre>
 *
 * <p>Unless told otherwise: embedding 64, 2 layers, 2 heads, 2 key-value heads, feed-forward 96,
 * 320 tokens (SPM), tied output, Q8_0, RoPE base 10000, context 256.
 */
public final class TinyModels {
  /** How a model's tokens are written. */
  public enum Tokens {
    /** SentencePiece, with byte tokens and a few user-defined pieces. */
    SPM,
    /** Byte-level BPE, with the 256 bytes and merges. */
    BPE
  }

  /** The inner numbers of latent queries, keys and values. */
  private static final int RANK = 32;

  private static final String[] WORDS = {
    "the", "of", "and", "to", "in", "that", "is", "was", "he", "for", "it", "with", "as", "his",
    "on", "be", "at", "by", "this", "had", "not", "are", "but", "from", "or", "have", "an", "they",
    "which", "one", "you", "were", "all", "her", "she", "there", "would", "their", "we", "him"
  };

  private final long seed;
  private int embedding = 64;
  private int layers = 2;
  private int heads = 2;
  private int sharedHeads = 2;
  private int feedForward = 96;
  private int vocabulary = 320;
  private boolean tied = true;
  private int type = GgufWriter.Q8_0;
  private float ropeBase = 10_000;
  private float epsilon = 1e-5f;
  private float spread = 0.08f;
  private int context = 256;
  private boolean latent;
  private Tokens tokens = Tokens.SPM;
  private String pre = "gpt-2";

  /** Makes models whose weights come from a seed. */
  public TinyModels(long seed) {
    this.seed = seed;
  }

  /** Sets the numbers of an embedding, a multiple of 32 and of the heads. */
  public TinyModels embedding(int embedding) {
    this.embedding = embedding;
    return this;
  }

  public TinyModels layers(int layers) {
    this.layers = layers;
    return this;
  }

  /** Sets the attention heads; {@code shared}, of keys and values, divides them. */
  public TinyModels heads(int heads, int shared) {
    this.heads = heads;
    this.sharedHeads = shared;
    return this;
  }

  /** Sets the inner numbers of the feed-forward part, a multiple of 32. */
  public TinyModels feedForward(int feedForward) {
    this.feedForward = feedForward;
    return this;
  }

  /** Sets the number of tokens, at least 300. */
  public TinyModels vocabulary(int vocabulary) {
    this.vocabulary = vocabulary;
    return this;
  }

  /** Sets whether the output matrix is the embedding. */
  public TinyModels tied(boolean tied) {
    this.tied = tied;
    return this;
  }

  /** Sets the ggml type of all matrices. */
  public TinyModels type(int type) {
    this.type = type;
    return this;
  }

  public TinyModels ropeBase(float ropeBase) {
    this.ropeBase = ropeBase;
    return this;
  }

  public TinyModels epsilon(float epsilon) {
    this.epsilon = epsilon;
    return this;
  }

  /** Sets the standard deviation of the weights: more makes surer predictions. */
  public TinyModels spread(float spread) {
    this.spread = spread;
    return this;
  }

  public TinyModels context(int context) {
    this.context = context;
    return this;
  }

  /**
   * Makes it a model of the architecture deepseek2, whose keys cannot be turned, with a separate
   * output.
   */
  public TinyModels latent() {
    latent = true;
    tied = false;
    return this;
  }

  public TinyModels tokens(Tokens tokens) {
    this.tokens = tokens;
    return this;
  }

  /** Sets byte-level BPE tokens, cut into words by the named rule. */
  public TinyModels bpe(String pre) {
    this.pre = pre;
    return tokens(Tokens.BPE);
  }

  /** The model's header, read from memory. */
  public GgufFile file() throws TrcModelException {
    return GgufFile.of(ByteBuffer.wrap(bytes()), "tiny.gguf");
  }

  /** The model file. */
  public byte[] bytes() {
    return writer().bytes();
  }

  /** Writes the model file. */
  public Path write(Path file) {
    return writer().write(file);
  }

  /** The model, to be changed or broken before it is written. */
  public GgufWriter writer() {
    String prefix = latent ? "deepseek2." : "llama.";
    int head = embedding / heads;
    GgufWriter out =
        new GgufWriter()
            .string("general.architecture", latent ? "deepseek2" : "llama")
            .string("general.name", "tiny-" + seed)
            .u32("general.alignment", 32)
            .u32(prefix + "context_length", context)
            .u32(prefix + "embedding_length", embedding)
            .u32(prefix + "block_count", layers)
            .u32(prefix + "feed_forward_length", feedForward)
            .u32(prefix + "attention.head_count", heads)
            .u32(prefix + "attention.head_count_kv", sharedHeads)
            .f32(prefix + "attention.layer_norm_rms_epsilon", epsilon)
            .u32(prefix + "rope.dimension_count", latent ? head / 2 : head)
            .f32(prefix + "rope.freq_base", ropeBase)
            .u32(prefix + "vocab_size", vocabulary);
    if (latent) {
      out.u32(prefix + "attention.key_length", head)
          .u32(prefix + "attention.value_length", head)
          .u32(prefix + "attention.q_lora_rank", RANK)
          .u32(prefix + "attention.kv_lora_rank", RANK)
          .u32(prefix + "leading_dense_block_count", layers)
          .u32(prefix + "expert_feed_forward_length", RANK)
          .u32(prefix + "expert_shared_count", 0)
          .f32(prefix + "expert_weights_scale", 1)
          .f32(prefix + "rope.scaling.yarn_log_multiplier", 0.1f);
    }
    if (tokens == Tokens.SPM) {
      spm(out);
    } else {
      bpe(out);
    }
    Random random = new Random(seed);
    int shared = head * sharedHeads;
    matrix(out, random, "token_embd.weight", embedding, vocabulary);
    norm(out, random, "output_norm.weight", embedding);
    if (!tied) {
      matrix(out, random, "output.weight", embedding, vocabulary);
    }
    for (int i = 0; i < layers; i++) {
      String block = "blk." + i + ".";
      norm(out, random, block + "attn_norm.weight", embedding);
      if (latent) {
        norm(out, random, block + "attn_q_a_norm.weight", RANK);
        norm(out, random, block + "attn_kv_a_norm.weight", RANK);
        matrix(out, random, block + "attn_q_a.weight", embedding, RANK);
        matrix(out, random, block + "attn_q_b.weight", RANK, embedding);
        matrix(out, random, block + "attn_kv_a_mqa.weight", embedding, RANK + head / 2);
        matrix(out, random, block + "attn_kv_b.weight", RANK, embedding + embedding / 2);
      } else {
        matrix(out, random, block + "attn_q.weight", embedding, embedding);
        matrix(out, random, block + "attn_k.weight", embedding, shared);
        matrix(out, random, block + "attn_v.weight", embedding, shared);
      }
      matrix(out, random, block + "attn_output.weight", embedding, embedding);
      norm(out, random, block + "ffn_norm.weight", embedding);
      matrix(out, random, block + "ffn_gate.weight", embedding, feedForward);
      matrix(out, random, block + "ffn_up.weight", embedding, feedForward);
      matrix(out, random, block + "ffn_down.weight", feedForward, embedding);
    }
    return out;
  }

  private void matrix(GgufWriter out, Random random, String name, int columns, int rows) {
    float[] values = new float[columns * rows];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * spread;
    }
    out.quantized(name, type, values, columns, rows);
  }

  private void norm(GgufWriter out, Random random, String name, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = 1 + (float) random.nextGaussian() * 0.1f;
    }
    out.floats(name, values, length);
  }

  private void spm(GgufWriter out) {
    Map<String, Integer> pieces = new LinkedHashMap<>();
    pieces.put("<unk>", 2);
    pieces.put("<s>", 3);
    pieces.put("</s>", 3);
    for (int i = 0; i < 256; i++) {
      pieces.put(String.format("<0x%02X>", i), 6);
    }
    pieces.put("\n", 4);
    pieces.put("\n\n", 4);
    pieces.put("\u2581", 1);
    for (char c = 'a'; c <= 'z'; c++) {
      pieces.put(String.valueOf(c), 1);
    }
    prefixes("\u2581").forEach(piece -> pieces.putIfAbsent(piece, 1));
    List<byte[]> texts = new ArrayList<>();
    int[] types = new int[vocabulary];
    float[] scores = new float[vocabulary];
    int i = 0;
    for (Map.Entry<String, Integer> piece : pieces.entrySet()) {
      if (i < vocabulary) {
        texts.add(piece.getKey().getBytes(StandardCharsets.UTF_8));
        types[i] = piece.getValue();
        scores[i] = types[i] == 1 ? -i : 0;
        i++;
      }
    }
    for (; i < vocabulary; i++) {
      texts.add(("<unused" + i + ">").getBytes(StandardCharsets.UTF_8));
      types[i] = 5;
      scores[i] = -1e4f;
    }
    out.string("tokenizer.ggml.model", "llama")
        .strings("tokenizer.ggml.tokens", texts)
        .floats("tokenizer.ggml.scores", scores)
        .integers("tokenizer.ggml.token_type", types)
        .u32("tokenizer.ggml.bos_token_id", 1)
        .u32("tokenizer.ggml.eos_token_id", 2)
        .u32("tokenizer.ggml.unknown_token_id", 0)
        .bool("tokenizer.ggml.add_bos_token", true)
        .bool("tokenizer.ggml.add_eos_token", false)
        .bool("tokenizer.ggml.add_space_prefix", false);
  }

  private void bpe(GgufWriter out) {
    Set<String> pieces = new LinkedHashSet<>();
    pieces.add("<|endoftext|>");
    for (int i = 0; i < 256; i++) {
      pieces.add(letter(i));
    }
    List<byte[]> merges = new ArrayList<>();
    for (String piece : prefixes(letter(' '))) {
      int cut = piece.length() - 1;
      if (pieces.size() < vocabulary && cut > 0 && pieces.contains(piece.substring(0, cut))) {
        if (pieces.add(piece)) {
          String merge = piece.substring(0, cut) + " " + piece.substring(cut);
          merges.add(merge.getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    int[] types = new int[vocabulary];
    Arrays.fill(types, 0, pieces.size(), 1);
    types[0] = 3;
    for (int i = pieces.size(); i < vocabulary; i++) {
      pieces.add("<unused" + i + ">");
      types[i] = 5;
    }
    List<byte[]> texts = new ArrayList<>();
    pieces.forEach(piece -> texts.add(piece.getBytes(StandardCharsets.UTF_8)));
    out.string("tokenizer.ggml.model", "gpt2")
        .string("tokenizer.ggml.pre", pre)
        .strings("tokenizer.ggml.tokens", texts)
        .integers("tokenizer.ggml.token_type", types)
        .strings("tokenizer.ggml.merges", merges)
        .u32("tokenizer.ggml.bos_token_id", 0)
        .u32("tokenizer.ggml.eos_token_id", 0);
  }

  /** Beginnings of words, with and without a space before them, shorter ones first. */
  private static List<String> prefixes(String space) {
    Set<String> found = new LinkedHashSet<>();
    for (int length = 1; length < 6; length++) {
      for (String word : WORDS) {
        String start = word.substring(0, Math.min(length, word.length()));
        found.add(space + start);
        if (length > 1) {
          found.add(start);
        }
      }
    }
    return new ArrayList<>(found);
  }

  /** GPT-2's letter for a byte: itself where that can be seen, else one from U+0100 on. */
  static String letter(int value) {
    int unseen = 0x100;
    for (int i = 0; i <= value; i++) {
      boolean seen = (i >= '!' && i <= '~') || (i >= 0xA1 && i != 0xAD);
      if (i == value) {
        return Character.toString(seen ? i : unseen);
      }
      unseen += seen ? 0 : 1;
    }
    throw new IllegalArgumentException("no byte: " + value);
  }
}
