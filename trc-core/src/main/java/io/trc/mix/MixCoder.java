package io.trc.mix;

import io.trc.TrcCorruptedException;
import io.trc.entropy.range.RangeCoder;
import io.trc.entropy.range.RangeDecoder;
import io.trc.entropy.range.RangeEncoder;
import io.trc.predict.Vocabulary;
import io.trc.text.TokenCoder;
import io.trc.text.TokenDecoder;
import io.trc.text.TokenEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Codes tokens by a language model's logits as a {@link DecisionModel} corrects them, which learns
 * from the text as it goes.
 */
public final class MixCoder implements TokenCoder {
  private final RangeCoder coder = new RangeCoder();
  private final TokenTree tree;
  private final ModelShare share;
  private final MixStart start;

  /** A coder for a vocabulary whose texts all start from the same. */
  public MixCoder(Vocabulary vocabulary, MixStart start) {
    this.tree = TokenTree.of(vocabulary);
    this.share = new ModelShare(tree);
    this.start = start;
  }

  @Override
  public MixEncoder newEncoder() {
    return new Encoder();
  }

  @Override
  public MixDecoder newDecoder(byte[] code) {
    return new Decoder(coder.newDecoder(code));
  }

  /** Learns from a text. */
  public interface Learner {
    /** What was learnt from the tokens so far, which are forgotten with this. */
    Learnt learnt();
  }

  /** Writes tokens, and learns. */
  public interface MixEncoder extends TokenEncoder, Learner {}

  /** Reads tokens, and learns. */
  public interface MixDecoder extends TokenDecoder, Learner {}

  /** What both directions do alike: the way through the tree. */
  private abstract class Walk implements Learner {
    private @Nullable DecisionModel model;

    private DecisionModel model() {
      if (model == null) {
        model = start.newModel(true);
      }
      return model;
    }

    @Override
    public final Learnt learnt() {
      Learnt learnt = new Learnt(model(), start.size(), true);
      model = null;
      return learnt;
    }

    /** Codes a decision that is 1 with this probability, and tells its outcome. */
    abstract int code(int node, int probability) throws TrcCorruptedException;

    /** Codes a token, and returns its place. */
    final int walk(float[] logits) throws TrcCorruptedException {
      DecisionModel model = model();
      share.set(logits);
      model.beginToken(share.likeliest(), share.likeliestStretch());
      int begun = -1;
      int depth = 0;
      int node = tree.root();
      while (node >= 0) {
        byte[] bytes = tree.bytes(tree.somePlace(node));
        while (depth < tree.depth(node)) {
          model.endByte(bytes[depth++] & 0xff);
        }
        if (begun < depth) {
          begun = depth;
          model.beginByte();
        }
        int bit = code(node, model.predict(tree.decision(node), share.stretch(node)));
        model.learn(bit);
        node = tree.next(node, bit);
      }
      int place = ~node;
      byte[] bytes = tree.bytes(place);
      while (depth < bytes.length) {
        model.endByte(bytes[depth++] & 0xff);
      }
      model.endToken(place);
      return place;
    }
  }

  private final class Encoder extends Walk implements MixEncoder {
    private final RangeEncoder encoder = coder.newEncoder();
    private int place;

    @Override
    public int canonical(int token) {
      return tree.canonical(token);
    }

    @Override
    public void encode(float[] logits, int token) {
      place = tree.placeOf(token);
      try {
        walk(logits);
      } catch (TrcCorruptedException e) {
        throw new AssertionError("nothing is read", e);
      }
    }

    @Override
    int code(int node, int probability) {
      int bit = tree.outcome(node, place);
      encoder.encodeDecision(bit != 0, probability, Tables.ONE);
      return bit;
    }

    @Override
    public int size() {
      return encoder.size();
    }

    @Override
    public byte[] finish() {
      return encoder.finish();
    }
  }

  private final class Decoder extends Walk implements MixDecoder {
    private final RangeDecoder decoder;

    Decoder(RangeDecoder decoder) {
      this.decoder = decoder;
    }

    @Override
    public int decode(float[] logits) throws TrcCorruptedException {
      return tree.token(walk(logits));
    }

    @Override
    int code(int node, int probability) throws TrcCorruptedException {
      return decoder.decodeDecision(probability, Tables.ONE) ? 1 : 0;
    }

    @Override
    public void finish() throws TrcCorruptedException {
      decoder.finish();
    }
  }
}
