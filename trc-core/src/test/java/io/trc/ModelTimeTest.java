package io.trc;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.block.Prediction;
import io.trc.member.Plan;
import io.trc.member.StreamEncoder;
import io.trc.predict.ForwardingLanes;
import io.trc.predict.ForwardingModel;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model's time goes where it is of use. */
class ModelTimeTest {
  private static final TrcOptions UNMIXED =
      TrcOptions.builder().coder(TrcOptions.Coder.RANGE).build();

  private final AtomicLong seen = new AtomicLong();

  /** The archive; how many tokens the model saw is counted. */
  private byte[] compress(byte[] plain, TrcOptions options) throws Exception {
    Plan plan = options.plan();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (StreamEncoder encoder = new StreamEncoder(bytes, plan, () -> counted(plan.get()))) {
      for (int from = 0; from < plain.length; from += plan.blockSize()) {
        int length = Math.min(plan.blockSize(), plain.length - from);
        encoder.add(Arrays.copyOfRange(plain, from, from + length), length);
      }
      encoder.finish();
    }
    return bytes.toByteArray();
  }

  private Prediction counted(Prediction prediction) {
    return new Prediction(new Counted(prediction.model()), prediction.window());
  }

  private final class Counted extends ForwardingModel {
    Counted(LanguageModel model) {
      super(model);
    }

    @Override
    public Lanes openLanes(int lanes, int window, int maxSteps) throws IOException {
      return new ForwardingLanes(super.openLanes(lanes, window, maxSteps)) {
        @Override
        public void evaluate(int[] tokens, int offset, int steps) throws TrcException {
          seen.addAndGet(steps);
          super.evaluate(tokens, offset, steps);
        }
      };
    }
  }

  /** Text that looks like some to a quick look, and of which the model makes nothing. */
  private static byte[] hexadecimal(int length) {
    byte[] text = new byte[length];
    Random random = new Random(11);
    for (int i = 0; i < length; i++) {
      text[i] = (byte) Character.forDigit(random.nextInt(16), 16);
    }
    return text;
  }

  @ParameterizedTest
  @Tag("slow")
  @ValueSource(ints = {40_000, 200_000, 1_200_000})
  void theModelSeesATenthAtMostOfWhatItLoses(int length) throws Exception {
    byte[] plain = hexadecimal(length);
    boolean isLong = length > 500_000; // then without the mixer, which takes its time
    byte[] archive = compress(plain, isLong ? UNMIXED : TrcOptions.DEFAULT);
    assertThat(TrcInfo.read(new BytesChannel(archive)).coders())
        .containsOnlyKeys(isLong ? "lzma2" : "bytes");
    // A token is a byte at least.
    assertThat(seen.get()).isBetween(1L, length / 10L);
    assertThat(Trc.decompress(archive)).isEqualTo(plain);
  }

  @Test
  @Tag("slow")
  void theModelIsAskedLessAndLessWhereItLoses() throws Exception {
    byte[] plain = hexadecimal(4 << 20);
    compress(plain, UNMIXED);
    assertThat(seen.get()).isBetween(1L, plain.length / 40L);
  }

  @Test
  void whatIsNoTextCostsTheModelNothing() throws Exception {
    compress(Samples.random(1 << 20, 12), TrcOptions.DEFAULT);
    assertThat(seen.get()).isZero();
  }

  @Test
  @Tag("slow")
  void theModelIsAskedAgainWhereTheDataLookDifferent() throws Exception {
    byte[] plain = Samples.concatenate(hexadecimal(600_000), Samples.prose(20_000, 1));
    byte[] archive = compress(plain, TrcOptions.DEFAULT);
    assertThat(TrcInfo.read(new BytesChannel(archive)).coders()).containsKeys("bytes", "mixed");
    assertThat(Trc.decompress(archive)).isEqualTo(plain);
  }

  @Test
  @Tag("slow")
  void theArchiveIsTheSameWhateverTheThreads() throws Exception {
    byte[] plain =
        Samples.concatenate(
            Samples.prose(9_000, 1),
            Samples.random(50_000, 3),
            hexadecimal(600_000),
            Samples.random(300_000, 4),
            Samples.prose(4_000, 2));
    TrcOptions small = TrcOptions.builder().blockSize(8192).build();
    byte[] one = compress(plain, small);
    assertThat(Trc.compress(plain, small.toBuilder().threads(3).build())).isEqualTo(one);
    assertThat(Trc.decompress(one)).isEqualTo(plain);
  }
}
