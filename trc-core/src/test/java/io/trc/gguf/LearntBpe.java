package io.trc.gguf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A byte-level BPE model whose merges are learnt from a text as a whole, so that they run across
 * words: where a rule cuts words shows in its tokens.
 */
final class LearntBpe {
  private static final int MERGES = 400;

  private LearntBpe() {}

  /** The model, with a user-defined token besides; its weights are of no interest. */
  static GgufWriter model(byte[] text, String pre) {
    List<String> symbols = new ArrayList<>();
    for (byte b : text) {
      symbols.add(TinyModels.letter(b & 0xFF));
    }
    Set<String> pieces = new LinkedHashSet<>();
    pieces.add("<|endoftext|>");
    pieces.add("int ");
    for (int i = 0; i < 256; i++) {
      pieces.add(TinyModels.letter(i));
    }
    List<byte[]> merges = new ArrayList<>();
    while (merges.size() < MERGES) {
      String best = mostFrequentPair(symbols);
      merges.add(best.getBytes(StandardCharsets.UTF_8));
      pieces.add(best.replace(" ", ""));
      symbols = merged(symbols, best);
    }
    int[] types = new int[pieces.size()];
    Arrays.fill(types, 1);
    types[0] = 3;
    types[1] = 4;
    List<byte[]> texts = new ArrayList<>();
    pieces.forEach(piece -> texts.add(piece.getBytes(StandardCharsets.UTF_8)));
    return new TinyModels(1)
        .bpe(pre)
        .vocabulary(pieces.size())
        .writer()
        .remove("tokenizer.ggml.tokens")
        .remove("tokenizer.ggml.token_type")
        .remove("tokenizer.ggml.merges")
        .strings("tokenizer.ggml.tokens", texts)
        .integers("tokenizer.ggml.token_type", types)
        .strings("tokenizer.ggml.merges", merges);
  }

  private static String mostFrequentPair(List<String> symbols) {
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 1; i < symbols.size(); i++) {
      counts.merge(symbols.get(i - 1) + " " + symbols.get(i), 1, Integer::sum);
    }
    String best = "";
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      if (best.isEmpty() || entry.getValue() > counts.get(best)) {
        best = entry.getKey();
      }
    }
    return best;
  }

  private static List<String> merged(List<String> symbols, String pair) {
    List<String> result = new ArrayList<>();
    for (int i = 0; i < symbols.size(); i++) {
      if (i + 1 < symbols.size() && (symbols.get(i) + " " + symbols.get(i + 1)).equals(pair)) {
        result.add(symbols.get(i) + symbols.get(i + 1));
        i++;
      } else {
        result.add(symbols.get(i));
      }
    }
    return result;
  }
}
