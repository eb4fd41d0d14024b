package io.trc.mix;

/**
 * The probability of the next decision of a text: whether a token ends here, or a bit of its next
 * byte. A decision is named by the bits of the byte so far behind a leading 1; 0 is the end.
 *
 * <pre>{@code
 * model.beginByte();
 * int p = model.predict(1, stretch);
 * model.learn(bit);
 * ...
 * model.endByte(b);
 * }</pre>
 *
 * <p>State of one text, confined to one thread.
 */
final class DecisionModel {
  /** What there is a probability for: states of a match, of a template, maps of the model. */
  static final int MATCH_STATES = 64;

  static final int TEMPLATE_STATES = 64;
  static final int MODEL_MAPS = 18;

  private static final int CONFIDENCE = 6;
  private static final int BASE_INPUTS = 6;

  /** log2 of the greatest number of contexts of a final map, and of a table of matches. */
  private static final int MAP_BITS = 16;

  private static final int MATCH_BITS = 18;

  /** The kinds of models, which know different things at first. */
  enum Kind {
    /** With a language model, from contexts of structured text too. */
    WITH_MODEL(true, Mixer.MOST_SETS, Contexts.COUNT),

    /** With a language model, from fewer contexts and with fewer sets of weights, for speed. */
    QUICK_WITH_MODEL(true, 4, Contexts.STRUCTURE),

    /** Of bytes, from all contexts. */
    BYTES(false, Mixer.MOST_SETS, Contexts.COUNT),

    /** Of bytes, for speed. */
    QUICK_BYTES(false, 3, Contexts.STRUCTURE);

    private final boolean byModel;
    private final int sets;
    private final int mostContexts;

    Kind(boolean byModel, int sets, int mostContexts) {
      this.byModel = byModel;
      this.sets = sets;
      this.mostContexts = mostContexts;
    }

    static Kind of(boolean byModel, int contexts) {
      boolean quick = contexts <= Contexts.STRUCTURE;
      return byModel ? (quick ? QUICK_WITH_MODEL : WITH_MODEL) : (quick ? QUICK_BYTES : BYTES);
    }

    /** True if a language model has a say. */
    boolean byModel() {
      return byModel;
    }

    /** The mixer's sets of weights. */
    int sets() {
      return sets;
    }

    /** The most contexts that there may be. */
    int mostContexts() {
      return mostContexts;
    }
  }

  /** Fields of a line, from the first on, that have rows of their own in a set. */
  private static final int FIELDS = 7;

  /** Beyond what is counted by its size. */
  private static final long SMALL_THINGS = 200_000;

  /** A slot's second bucket is found with the first four bits, from this on. */
  private static final int HALF = 77;

  private final Kind kind;
  private final int count;
  final Contexts contexts;
  private final SlotTables tables;
  private final int[] hashes = new int[Contexts.COUNT];
  private boolean atHalf;

  final int[] matchMap;
  final int[] templateMap;
  final StretchMaps modelMaps;
  private final int mapBits;
  private final StretchMaps byteMaps;
  private final StretchMaps matchMaps;
  final Mixer mixer;

  /** How sure the model is of the token, in six classes. */
  private int sureness;

  // Of the decision that was predicted last.
  private int node;
  private int mixed;
  private int matchAt;
  private int templateAt;
  private int expectedBit;
  private int templateBit;

  /**
   * A model of an empty text.
   *
   * @param byModel true if a language model has a say
   * @param count the contexts, 1 to {@link Contexts#COUNT}
   * @param tableBits log2 of the buckets of each context
   */
  DecisionModel(boolean byModel, int count, int tableBits) {
    kind = Kind.of(byModel, count);
    this.count = count;
    contexts = new Contexts(count, matchBits(tableBits), tableBits);
    tables = new SlotTables(count, tableBits);
    matchMap = new int[MATCH_STATES];
    templateMap = new int[TEMPLATE_STATES];
    for (int i = 0; i < matchMap.length; i++) {
      matchMap[i] = Adaptive.of(Tables.ONE - Tables.ONE / (4 + 2 * (i & 31)), 0);
    }
    for (int i = 0; i < templateMap.length; i++) {
      templateMap[i] = Adaptive.of(Tables.ONE - Tables.ONE / (3 + (i & 15)), 0);
    }
    modelMaps = new StretchMaps(MODEL_MAPS, 0);
    mapBits = mapBits(tableBits);
    byteMaps = new StretchMaps(1 << mapBits, CONFIDENCE);
    matchMaps = new StretchMaps(1 << mapBits, CONFIDENCE);
    mixer = new Mixer(inputs(count), kind.sets(), byModel);
  }

  /** A model that goes on as another would, apart from it. */
  DecisionModel(DecisionModel other) {
    kind = other.kind;
    count = other.count;
    contexts = new Contexts(other.contexts);
    tables = new SlotTables(other.tables);
    matchMap = other.matchMap.clone();
    templateMap = other.templateMap.clone();
    modelMaps = new StretchMaps(other.modelMaps);
    mapBits = other.mapBits;
    byteMaps = new StretchMaps(other.byteMaps);
    matchMaps = new StretchMaps(other.matchMaps);
    mixer = new Mixer(other.mixer);
  }

  /** What kind of model it is. */
  Kind kind() {
    return kind;
  }

  /** The mixer's inputs. */
  int inputs() {
    return inputs(count);
  }

  /** The mixer's inputs with so many contexts. */
  static int inputs(int count) {
    return BASE_INPUTS + SlotTables.INPUTS * count;
  }

  private static int mapBits(int tableBits) {
    return Math.min(MAP_BITS, tableBits + 2);
  }

  private static int matchBits(int tableBits) {
    return Math.min(MATCH_BITS, tableBits + 4);
  }

  /** At least the bytes that a model takes in memory, beyond those of its text. */
  static long memory(int count, int tableBits) {
    return SlotTables.memory(count, tableBits)
        + 2 * StretchMaps.memory(1 << mapBits(tableBits))
        + ((2L * Integer.BYTES) << matchBits(tableBits))
        + Structure.memory(tableBits)
        + Mixer.memory(inputs(count))
        + SMALL_THINGS;
  }

  /**
   * Begins a token.
   *
   * @param likeliest the place of the one that the language model deems likeliest, or 0
   * @param stretch of that
   */
  void beginToken(int likeliest, int stretch) {
    contexts.beginToken(likeliest);
    sureness =
        stretch < -512
            ? 0
            : stretch < 0 ? 1 : stretch < 512 ? 2 : stretch < 1024 ? 3 : stretch < 1536 ? 4 : 5;
  }

  /** Prepares for the decisions of the next byte, the end of the token among them. */
  void beginByte() {
    contexts.hash(hashes);
    tables.find(hashes);
    atHalf = false;
  }

  /**
   * The probability that a decision is 1, in 22 bits.
   *
   * @param decision 0, or the bits of the byte so far behind a leading 1
   * @param stretch the language model's, or 0
   */
  int predict(int decision, int stretch) {
    int bits = decision == 0 ? 0 : 31 - Integer.numberOfLeadingZeros(decision);
    findNode(decision, bits);
    LongestMatch match = contexts.match;
    TemplateMatch template = contexts.template;
    int expected = match.expected();
    expectedBit = expected < 256 ? bit(expected, decision, bits) : -1;
    templateBit = template.isThere() ? bit(template.expected(), decision, bits) : -1;
    int inside = contexts.depth() > 0 ? 1 : 0;
    int type = decision == 0 ? 0 : 1 + inside;

    int[] x = mixer.x;
    x[0] = stretch;
    x[1] = 256;
    if (kind.byModel()) {
      x[2] = Tables.stretch(modelMaps.map(type * 6 + sureness, stretch) >> 6);
    }
    addMatches(x, inside);
    tables.predict(node, x, BASE_INPUTS);

    int lengthClass = match.lengthClass();
    int last = contexts.history.back(1);
    int bitPosition = decision == 0 ? 8 : bits;
    int hits = tables.hit(1) + tables.hit(2) + tables.hit(3);
    int field = Math.min(FIELDS - 1, contexts.fieldNumber());
    mixer.select(0, decision);
    mixer.select(1, (hits * 9 + bitPosition) * FIELDS + field);
    mixer.select(2, last);
    if (mixer.sets() > 3) {
      mixer.select(3, evidence() * 8 + agreement(stretch));
    }
    if (mixer.sets() > 4) {
      int agreement = expectedBit < 0 ? (decision == 0 ? 0 : 1) : 2 + expectedBit;
      mixer.select(4, lengthClass * 4 + agreement + (inside << 7));
      mixer.select(5, (contexts.fieldNumber() & 31) * 9 + bitPosition);
      int templateClass = template.isThere() ? 1 + Math.min(6, template.length()) : 0;
      mixer.select(6, templateClass * 16 + (templateBit + 1) * 4 + expectedBit + 1);
    }
    mixed = mixer.mix(decision, last);
    int byteContext = decision | (last << 8);
    int byByte =
        byteMaps.map(mapBits == MAP_BITS ? byteContext : Hash.place(byteContext, mapBits), mixed);
    int matchContext = Hash.of(Hash.of(decision, expected), lengthClass) & ((1 << mapBits) - 1);
    int byMatch = matchMaps.map(matchContext, mixed);
    return Tables.probability((Tables.squash22(mixed) * 6 + byByte + byMatch) >> 3);
  }

  /** Which of the contexts that tell most have seen the decision. */
  private int evidence() {
    return tables.hit(3) | (tables.hit(5) << 1) | (tables.hit(8) << 2) | (tables.hit(4) << 3);
  }

  /** How well the match and the language model agree, 0 to 4. */
  private int agreement(int stretch) {
    if (expectedBit < 0) {
      return 0;
    }
    return (contexts.match.length() < 16 ? 1 : 3) + ((expectedBit > 0) == (stretch > 0) ? 1 : 0);
  }

  private void findNode(int decision, int bits) {
    if (decision < 16) {
      node = decision;
      return;
    }
    if (!atHalf) {
      tables.find(hashes, (decision >> (bits - 4)) + HALF);
      atHalf = true;
    }
    int first = 1 << (bits - 4);
    node = first | (decision & (first - 1));
  }

  /** The bit of an expected byte at this decision, or -1 if the bits before were others. */
  private static int bit(int expected, int decision, int bits) {
    int led = expected | 256;
    return decision != 0 && (led >> (8 - bits)) == decision ? (led >> (7 - bits)) & 1 : -1;
  }

  private void addMatches(int[] x, int inside) {
    x[3] = 0;
    x[4] = 0;
    x[5] = 0;
    LongestMatch match = contexts.match;
    if (expectedBit >= 0) {
      matchAt = match.lengthClass() + (inside << 5);
      int stretch = Tables.stretch(Adaptive.p16(matchMap[matchAt]));
      int constant = match.length() > 15 ? 256 : 128;
      x[3] = expectedBit > 0 ? stretch : -stretch;
      x[4] = expectedBit > 0 ? constant : -constant;
    }
    TemplateMatch template = contexts.template;
    if (templateBit >= 0) {
      int number = template.isInNumber() ? 32 : 0;
      templateAt = Math.min(15, template.length()) + (inside << 4) + number;
      int stretch = Tables.stretch(Adaptive.p16(templateMap[templateAt]));
      x[5] = templateBit > 0 ? stretch : -stretch;
    }
  }

  /** Learns what became of the decision that was predicted last. */
  void learn(int bit) {
    byteMaps.learn(bit);
    matchMaps.learn(bit);
    if (kind.byModel()) {
      modelMaps.learn(bit);
    }
    if (expectedBit >= 0) {
      Adaptive.learn(matchMap, matchAt, bit == expectedBit ? 1 : 0);
    }
    if (templateBit >= 0) {
      Adaptive.learn(templateMap, templateAt, bit == templateBit ? 1 : 0);
    }
    mixer.learn(bit);
    tables.learn(node, bit, mixed);
  }

  /** Takes note of a byte of the text. */
  void endByte(int b) {
    contexts.add(b);
  }

  void endToken(int token) {
    contexts.endToken(token);
  }
}
