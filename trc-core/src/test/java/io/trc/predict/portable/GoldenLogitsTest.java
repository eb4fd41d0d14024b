package io.trc.predict.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.trc.predict.kernels.KernelsPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The logits of models, pinned to the bit. */
class GoldenLogitsTest {
  private static final int WINDOW = 64;

  /** Prints hashes of the first tokens of a tiny model, for a JVM with other flags. */
  static final class Child {
    private static final int LENGTH = 70;

    private Child() {}

    public static void main(String[] args) throws IOException {
      System.out.println(hashes());
    }

    static String hashes() throws IOException {
      StringBuilder hashes = new StringBuilder();
      for (Packing packing : Packing.values()) {
        hashes.append(packing).append(' ').append(hash(packing)).append(' ');
      }
      return hashes.toString();
    }

    private static int hash(Packing packing) throws IOException {
      try (PortableModel model = Evaluation.load(Sample.PLAIN.gguf(), packing)) {
        int[] tokens = Arrays.copyOf(Sample.PLAIN.text(model), LENGTH);
        return Evaluation.hash(model, tokens, WINDOW, 16);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void logitsAreThoseOfTheFormat(Sample sample) throws IOException {
    try (PortableModel model = Evaluation.load(sample.gguf())) {
      assertThat(Evaluation.hash(model, sample.text(model), WINDOW, 64)).isEqualTo(sample.hash());
      assertThat(model.numerics().shapeInvariant()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("slow")
  void lanesAndBatchesDoNotMatter(Packing packing) throws IOException {
    Sample sample = Sample.PLAIN;
    try (PortableModel model = Evaluation.load(sample.gguf(), packing)) {
      int[][] texts = Evaluation.lanes(sample.text(model), 8);
      int[] alone = new int[texts.length];
      for (int lane = 0; lane < texts.length; lane++) {
        alone[lane] = Evaluation.hash(model, texts[lane], WINDOW, 1);
      }
      assertThat(alone[0]).isEqualTo(sample.hash());
      for (int lanes : new int[] {1, 2, 3, 8}) {
        for (int batch : new int[] {1, 7, 64}) {
          assertThat(Evaluation.hashes(model, Arrays.copyOf(texts, lanes), WINDOW, batch))
              .as("%d lanes, batches of %d", lanes, batch)
              .isEqualTo(Arrays.copyOf(alone, lanes));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.trc.predict.portable.KernelsAgreementTest#paths")
  void logitsOfEachForcedPathAreThoseOfTheFormat(KernelsPath path) throws IOException {
    String before = System.setProperty(KernelsPath.PROPERTY, path.label());
    try {
      assertThat(GoldenKernels.check()).isEqualTo("kernels, " + path.label());
    } finally {
      if (before == null) {
        System.clearProperty(KernelsPath.PROPERTY);
      } else {
        System.setProperty(KernelsPath.PROPERTY, before);
      }
    }
  }

  @Test
  @Tag("slow")
  void aLongWindowOfTheEmbeddedModelIsThatOfTheFormat() throws IOException {
    try (PortableModel model = Evaluation.load(Sample.EMBEDDED.gguf())) {
      int[] text = Sample.EMBEDDED.text(model);
      assertThat(Evaluation.hash(model, text, 512, 512)).isEqualTo(0x8c3eec0d);
    }
  }

  static Stream<List<String>> flags() {
    return Stream.of(
        List.of("-Xint"),
        List.of("-XX:TieredStopAtLevel=1"),
        List.of("-XX:-TieredCompilation"),
        List.of("-XX:UseAVX=0"),
        List.of("-XX:UseAVX=1"),
        List.of("-XX:UseAVX=2"),
        List.of("-XX:UseAVX=3"),
        List.of("-XX:-UseFMA"));
  }

  @ParameterizedTest
  @Tag("slow")
  @MethodSource("flags")
  void otherCompilersAndInstructionsGiveTheSameLogits(List<String> flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    assumeThat(output).doesNotContain("Could not create the Java Virtual Machine");
    assertThat(code).as(output).isZero();
    assertThat(output).contains(Child.hashes());
  }
}
