package io.trc.gguf;

import io.trc.TrcModelException;
import io.trc.predict.Vocabulary;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The vocabulary of a GGUF model, SentencePiece ({@code llama}) or byte-level BPE ({@code gpt2}),
 * in pure Java: unlike the tokenizer of the native library it loses no byte of any text.
 *
 * <pre>{@code
 * Vocabulary vocabulary = GgufVocabulary.of(GgufFile.read(path));
 * int[] tokens = vocabulary.tokenize(text, 0, text.length);
 * }</pre>
 *
 * <p>Ordinary text is cut as llama.cpp cuts it, without the space that it may put before a text.
 * User-defined pieces are cut out first, from left to right and the longest of each place, as in
 * training. Bytes that no piece says become byte tokens.
 *
 * <p>Tokenizing n bytes takes O(n log n) time on any text, and memory in proportion to n.
 */
public final class GgufVocabulary implements Vocabulary {
  private static final int NORMAL = 1;
  private static final int USER_DEFINED = 4;
  private static final int BYTE = 6;

  private static final byte[] NOTHING = {};
  private static final byte[] SPACE = "\u2581".getBytes(StandardCharsets.UTF_8);
  private static final int[] BYTES_OF_LETTERS = bytesOfLetters();
  private static final Set<String> WHOLE_WORDS =
      Set.of("llama3", "llama-v3", "llama-bpe", "falcon3", "tekken");

  private final byte[][] pieces;
  private final int[] types;
  private final int startToken;
  private final Tokenizer tokenizer;

  private GgufVocabulary(byte[][] pieces, int[] types, int startToken, Tokenizer tokenizer) {
    this.pieces = pieces;
    this.types = types;
    this.startToken = startToken;
    this.tokenizer = tokenizer;
  }

  /**
   * The vocabulary of a model file.
   *
   * @throws TrcModelException if the file has none, or one of an unsupported kind
   */
  public static Vocabulary of(GgufFile file) throws TrcModelException {
    String model = file.string("tokenizer.ggml.model");
    byte[][] texts = file.strings("tokenizer.ggml.tokens");
    if (model == null || texts == null || texts.length == 0) {
      throw file.bad("the file has no vocabulary");
    }
    int[] types = types(file, texts.length);
    return switch (model) {
      case "llama" -> spm(file, texts, types);
      case "gpt2" -> bpe(file, texts, types);
      default ->
          throw file.bad(
              "the tokenizer '" + model + "' is not supported; those named llama and gpt2 are");
    };
  }

  @Override
  public int size() {
    return pieces.length;
  }

  @Override
  public int startToken() {
    return startToken;
  }

  @Override
  public byte[] bytes(int token) {
    return pieces[token];
  }

  @Override
  public boolean isByteToken(int token) {
    return types[token] == BYTE;
  }

  @Override
  public int @Nullable [] tokenize(byte[] text, int offset, int length) {
    return tokenizer.tokenize(text, offset, length);
  }

  private static Vocabulary spm(GgufFile file, byte[][] texts, int[] types)
      throws TrcModelException {
    float[] scores = file.floats("tokenizer.ggml.scores");
    if (scores == null || scores.length != texts.length) {
      throw file.bad("the vocabulary has not as many scores as tokens");
    }
    byte[][] pieces = new byte[texts.length][];
    int[] byteTokens = new int[256];
    Arrays.fill(byteTokens, -1);
    List<Integer> marked = new ArrayList<>();
    List<Integer> plain = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      pieces[i] = NOTHING;
      if (types[i] == NORMAL) {
        pieces[i] = unescaped(texts[i]);
        // Of two pieces that come to the same bytes, only one is the library's for a space.
        (new String(texts[i], StandardCharsets.ISO_8859_1).indexOf(' ') < 0 ? marked : plain)
            .add(i);
      } else if (types[i] == USER_DEFINED) {
        pieces[i] = texts[i];
      } else if (types[i] == BYTE) {
        int value = namedByte(texts[i]);
        if (value >= 0) {
          pieces[i] = new byte[] {(byte) value};
          byteTokens[value] = byteTokens[value] < 0 ? i : byteTokens[value];
        }
      }
    }
    singleBytes(pieces, byteTokens);
    marked.addAll(plain);
    Tokenizer tokenizer =
        new SpmTokenizer(pieces, added(pieces, types), byteTokens, ints(marked), scores);
    return new GgufVocabulary(pieces, types, startToken(file, texts.length), tokenizer);
  }

  private static Vocabulary bpe(GgufFile file, byte[][] texts, int[] types)
      throws TrcModelException {
    byte[][] mergeTexts = file.strings("tokenizer.ggml.merges");
    if (mergeTexts == null) {
      throw file.bad("the vocabulary has no merges");
    }
    byte[][] pieces = new byte[texts.length][];
    List<Integer> normal = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      byte[] bytes = types[i] == NORMAL ? bytesOfLetters(texts[i], 0, texts[i].length) : null;
      if (bytes != null) {
        normal.add(i);
      }
      boolean literal = types[i] == NORMAL || types[i] == USER_DEFINED;
      pieces[i] = bytes != null ? bytes : literal ? texts[i] : NOTHING;
    }
    int[] byteTokens = new int[256];
    Arrays.fill(byteTokens, -1);
    singleBytes(pieces, byteTokens);
    List<BpeTokenizer.Merge> merges = new ArrayList<>();
    for (byte[] merge : mergeTexts) {
      int space = 1;
      while (space < merge.length && merge[space] != ' ') {
        space++;
      }
      byte[] left = bytesOfLetters(merge, 0, Math.min(space, merge.length));
      byte[] right = bytesOfLetters(merge, Math.min(space + 1, merge.length), merge.length);
      if (left != null && right != null) {
        merges.add(new BpeTokenizer.Merge(ByteBuffer.wrap(left), ByteBuffer.wrap(right)));
      }
    }
    String named = file.string("tokenizer.ggml.pre");
    String rule = named == null ? "" : named;
    Tokenizer tokenizer =
        new BpeTokenizer(
            pieces,
            added(pieces, types),
            byteTokens,
            ints(normal),
            merges,
            WordRule.of(rule),
            WHOLE_WORDS.contains(rule));
    return new GgufVocabulary(pieces, types, startToken(file, texts.length), tokenizer);
  }

  private static int[] types(GgufFile file, int count) throws TrcModelException {
    int[] types = file.integers("tokenizer.ggml.token_type");
    if (types == null) {
      types = new int[count];
      Arrays.fill(types, NORMAL);
    }
    if (types.length != count) {
      throw file.bad("the vocabulary has not as many token types as tokens");
    }
    return types;
  }

  private static int startToken(GgufFile file, int count) {
    for (String id : List.of("bos", "eos")) {
      OptionalLong token = file.integer("tokenizer.ggml." + id + "_token_id");
      if (token.isPresent() && token.getAsLong() >= 0 && token.getAsLong() < count) {
        return (int) token.getAsLong();
      }
    }
    return 0;
  }

  private static PieceTrie added(byte[][] pieces, int[] types) {
    PieceTrie added = new PieceTrie();
    for (int i = 0; i < pieces.length; i++) {
      int length = pieces[i].length;
      if (types[i] == USER_DEFINED && length > 0 && length <= Tokenizer.MAX_PIECE) {
        added.add(pieces[i], i);
      }
    }
    return added;
  }

  /** Lets pieces of one byte stand in for byte tokens that are missing. */
  private static void singleBytes(byte[][] pieces, int[] byteTokens) {
    for (int i = 0; i < pieces.length; i++) {
      if (pieces[i].length == 1 && byteTokens[pieces[i][0] & 0xFF] < 0) {
        byteTokens[pieces[i][0] & 0xFF] = i;
      }
    }
  }

  /** SentencePiece writes a space as U+2581. */
  private static byte[] unescaped(byte[] text) {
    byte[] bytes = new byte[text.length];
    int length = 0;
    for (int i = 0; i < text.length; i++) {
      int end = i + SPACE.length;
      if (end <= text.length && Arrays.equals(text, i, end, SPACE, 0, SPACE.length)) {
        bytes[length++] = ' ';
        i = end - 1;
      } else {
        bytes[length++] = text[i];
      }
    }
    return Arrays.copyOf(bytes, length);
  }

  /** The byte that a text such as {@code <0x0A>} names, or -1. */
  private static int namedByte(byte[] text) {
    String name = new String(text, StandardCharsets.ISO_8859_1);
    return name.matches("<0x[0-9A-Fa-f]{2}>") ? Integer.parseInt(name.substring(3, 5), 16) : -1;
  }

  /** The bytes that GPT-2's letters stand for, or null if there is another letter among them. */
  private static byte @Nullable [] bytesOfLetters(byte[] text, int from, int to) {
    byte[] bytes = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; ) {
      int width = Utf8.length(text, i, to);
      int letter = Utf8.codePoint(text, i, width);
      if (letter < 0 || letter >= BYTES_OF_LETTERS.length || BYTES_OF_LETTERS[letter] < 0) {
        return null;
      }
      bytes[length++] = (byte) BYTES_OF_LETTERS[letter];
      i += width;
    }
    return Arrays.copyOf(bytes, length);
  }

  /** GPT-2 writes a byte as itself where that can be seen, else as a letter from U+0100 on. */
  private static int[] bytesOfLetters() {
    int[] bytes = new int[0x144];
    Arrays.fill(bytes, -1);
    int unseen = 0x100;
    for (int i = 0; i < 256; i++) {
      boolean seen = (i >= '!' && i <= '~') || (i >= 0xA1 && i != 0xAD);
      bytes[seen ? i : unseen] = i;
      unseen += seen ? 0 : 1;
    }
    return bytes;
  }

  private static int[] ints(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }
}
