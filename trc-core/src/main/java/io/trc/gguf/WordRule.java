package io.trc.gguf;

/**
 * How byte-level BPE cuts a text into words before it merges: what the regular expressions of GPT-2
 * and its followers say, read byte by byte, without their backtracking. Bytes that are no UTF-8 are
 * words of their own.
 */
enum WordRule {
  /** GPT-2: {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}. */
  GPT2(false, Integer.MAX_VALUE),

  /** As GPT-2, after each digit was cut out: StarCoder, SmolLM. */
  GPT2_DIGITS(false, 1),

  /**
   * Llama 3: {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
   * ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}.
   */
  LLAMA3(true, 3),

  /** As Llama 3, with single digits: Qwen 2. */
  QWEN2(true, 1);

  private static final int NONE = 0;
  private static final int LETTER = 1;
  private static final int NUMBER = 2;
  private static final int SPACE = 3;
  private static final int NEWLINE = 4;
  private static final int OTHER = 5;
  private static final int BROKEN = 6;

  private final boolean llama3;
  private final int digits;

  WordRule(boolean llama3, int digits) {
    this.llama3 = llama3;
    this.digits = digits;
  }

  /** The rule that a model names, or GPT-2's where the name is unknown. */
  static WordRule of(String name) {
    return switch (name) {
      case "llama3",
          "llama-v3",
          "llama-bpe",
          "falcon3",
          "dbrx",
          "smaug-bpe",
          "chatglm-bpe",
          "gpt-4o",
          "deepseek-v3" ->
          LLAMA3;
      case "qwen2", "stablelm2", "tekken", "deepseek-r1-qwen", "deepseek-coder", "deepseek-llm" ->
          QWEN2;
      case "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b" ->
          GPT2_DIGITS;
      default -> GPT2;
    };
  }

  /** Where the word ends that starts at {@code from}. */
  int end(byte[] text, int from, int to) {
    int kind = kind(text, from, to);
    if (kind == BROKEN) {
      return run(text, from, to, BROKEN, Integer.MAX_VALUE);
    }
    if (kind == NUMBER && digits < Integer.MAX_VALUE) {
      return run(text, from, to, NUMBER, digits);
    }
    int contraction = contraction(text, from, to);
    if (contraction > 0) {
      return from + contraction;
    }
    return llama3 ? llama3(text, from, to, kind) : gpt2(text, from, to, kind);
  }

  private int gpt2(byte[] text, int from, int to, int kind) {
    int word = text[from] == ' ' ? from + 1 : from;
    int wordKind = word == from ? kind : kind(text, word, to);
    if (wordKind == LETTER || wordKind == OTHER) {
      return run(text, word, to, wordKind, Integer.MAX_VALUE);
    }
    if (wordKind == NUMBER && digits == Integer.MAX_VALUE) {
      return run(text, word, to, NUMBER, digits);
    }
    return spaces(text, from, to);
  }

  private int llama3(byte[] text, int from, int to, int kind) {
    if (kind == LETTER) {
      return run(text, from, to, LETTER, Integer.MAX_VALUE);
    }
    if (kind != NEWLINE) {
      int letters = from + Utf8.length(text, from, to);
      if (kind(text, letters, to) == LETTER) {
        return run(text, letters, to, LETTER, Integer.MAX_VALUE);
      }
    }
    int word = text[from] == ' ' ? from + 1 : from;
    if (kind(text, word, to) == OTHER) {
      int end = run(text, word, to, OTHER, Integer.MAX_VALUE);
      return run(text, end, to, NEWLINE, Integer.MAX_VALUE);
    }
    return spaces(text, from, to);
  }

  /** White space, but for the last of it where something follows that takes a space along. */
  private int spaces(byte[] text, int from, int to) {
    int end = from;
    int last = from;
    int afterNewline = from;
    int kind = kind(text, from, to);
    while (kind == SPACE || kind == NEWLINE) {
      last = end;
      end += Utf8.length(text, end, to);
      if (kind == NEWLINE) {
        afterNewline = end;
      }
      kind = kind(text, end, to);
    }
    if (llama3 && afterNewline > from) {
      return afterNewline;
    }
    // Where digits are cut out first, the text before them ends there.
    boolean ends = kind == NONE || (!llama3 && kind == NUMBER && digits == 1);
    return ends || last == from ? end : last;
  }

  private int contraction(byte[] text, int from, int to) {
    if (text[from] != '\'' || to - from < 2) {
      return 0;
    }
    int first = letter(text[from + 1]);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return 2;
    }
    int second = to - from < 3 ? 0 : letter(text[from + 2]);
    boolean two =
        (first == 'r' && second == 'e')
            || (first == 'v' && second == 'e')
            || (first == 'l' && second == 'l');
    return two ? 3 : 0;
  }

  private int letter(byte value) {
    return llama3 && value >= 'A' && value <= 'Z' ? value + 32 : value;
  }

  private static int run(byte[] text, int from, int to, int kind, int most) {
    int end = from;
    for (int i = 0; i < most && kind(text, end, to) == kind; i++) {
      end += Utf8.length(text, end, to);
    }
    return end;
  }

  private static int kind(byte[] text, int at, int to) {
    if (at >= to) {
      return NONE;
    }
    int value = text[at];
    if (value >= 0) {
      if ((value | 32) >= 'a' && (value | 32) <= 'z') {
        return LETTER;
      }
      if (value >= '0' && value <= '9') {
        return NUMBER;
      }
      if (value == '\r' || value == '\n') {
        return NEWLINE;
      }
      return value == ' ' || (value >= 9 && value <= 13) ? SPACE : OTHER;
    }
    int length = Utf8.length(text, at, to);
    int point = length == 1 ? -1 : Utf8.codePoint(text, at, length);
    if (point < 0) {
      return BROKEN;
    }
    if (point == 0x85 || Character.isSpaceChar(point)) {
      return SPACE;
    }
    return switch (Character.getType(point)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      default -> OTHER;
    };
  }
}
