package io.trc.strings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Makes the file of a dictionary: chooses samples that fit, counts them, and lets the mixer learn
 * from each what it would have been without it among them. So the weights are those for messages
 * that are not among the samples, which is what the dictionary will meet.
 */
final class DictionaryTraining {
  /** The mixer learns from no more bytes than this; further samples are counted only. */
  private static final int MOST_LEARNT = 600_000;

  /** Longer samples are cut: what is alike of messages stands in their first bytes. */
  private static final int MOST_SAMPLE = 1 << 12;

  /** The order in which the mixer sees the samples is the same for the same samples. */
  private static final int SEED = 17;

  private final int size;

  DictionaryTraining(int size) {
    this.size = size;
  }

  /** The file. */
  byte[] train(Iterable<byte[]> all) {
    List<byte[]> candidates = candidates(all);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("there are no samples, or only empty ones");
    }
    double share = 1;
    while (true) {
      byte[] text = text(candidates, share);
      int samples = DictionaryFile.compress(text).length;
      // The mixer's state is not known before it is trained; training takes long.
      if (samples + DictionaryFile.HEADER <= size - size / 16 || text.length <= 2) {
        byte[] file = DictionaryFile.write(text, learn(text));
        if (file.length <= size) {
          return file;
        }
        samples = file.length + size / 16;
      }
      share = Math.min(0.95, 0.99 * (size - size / 16.0) / samples) * share;
    }
  }

  /** What may become samples: where there are too many, every second one is left out, again. */
  private static List<byte[]> candidates(Iterable<byte[]> all) {
    List<byte[]> candidates = new ArrayList<>();
    long bytes = 0;
    int stride = 1;
    int number = 0;
    for (byte[] sample : all) {
      if (sample.length == 0 || number++ % stride != 0) {
        continue;
      }
      candidates.add(cut(sample));
      bytes += candidates.get(candidates.size() - 1).length + 1;
      if (bytes >= Samples.MOST) {
        List<byte[]> half = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i += 2) {
          half.add(candidates.get(i));
        }
        candidates = half;
        bytes = half.stream().mapToLong(each -> each.length + 1L).sum();
        stride *= 2;
      }
    }
    return candidates;
  }

  /** The first bytes of a sample, to the end of a character. */
  private static byte[] cut(byte[] sample) {
    if (sample.length <= MOST_SAMPLE) {
      return sample;
    }
    int length = MOST_SAMPLE;
    while ((sample[length] & 0xC0) == 0x80) {
      length--;
    }
    return Arrays.copyOf(sample, length);
  }

  /** A share of the samples, evenly taken, in the order of their bytes, which LZMA2 likes. */
  private static byte[] text(List<byte[]> candidates, double share) {
    List<byte[]> chosen = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      if ((long) (i * share) != (long) ((i + 1) * share) || i == candidates.size() - 1) {
        chosen.add(candidates.get(i));
      }
    }
    chosen.sort(Arrays::compareUnsigned);
    return Samples.join(chosen);
  }

  private static byte[] learn(byte[] text) {
    int[] starts = Samples.starts(text);
    List<int[]> places = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      int next = i + 1 < starts.length ? starts[i + 1] : text.length;
      places.add(new int[] {starts[i], next - 1});
    }
    Collections.shuffle(places, new Random(SEED));
    MixState known = MixState.byBytes();
    MixState state = new MixState(known);
    MessageModel model = new MessageModel(new Samples(text), state, true);
    int learnt = 0;
    for (int[] place : places) {
      learnt += place[1] - place[0];
      if (learnt > MOST_LEARNT) {
        break;
      }
      // Matches that end behind the sample's own mark, or before it begins, are others.
      model.start(place[0], place[1] + 1);
      new Walk(model, true).go(text, place[0], place[1]);
      model.start(place[0], place[1] + 1);
      new Walk(model, false).go(text, place[0], place[1]);
    }
    return StateCode.encode(state, known, model.uses());
  }

  /** Goes through a sample, which is taken out of the counts or learnt. */
  static final class Walk extends MessageWalk {
    private final MessageModel model;
    private final boolean out;

    Walk(MessageModel model, boolean out) {
      super(model);
      this.model = model;
      this.out = out;
    }

    @Override
    void code(int decision, int bit) {
      if (out) {
        model.count(decision, bit, true);
      } else {
        model.predict(decision);
        model.learn(bit);
      }
    }
  }
}
