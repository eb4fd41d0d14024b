package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trc.predict.kernels.KernelsLibrary;
import io.trc.predict.llama.LlamaLibrary;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Old archives open, with every engine, and every engine still writes them so. */
class GoldenArchivesTest {
  /** Those that take seconds. */
  private static final Set<String> LONG = Set.of("window", "blocks", "mixed", "bytes");

  @TestFactory
  Stream<DynamicTest> javaReadsAndWritesThem() {
    return tests(TrcEngine.PORTABLE, false);
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> javaReadsAndWritesTheLongOnes() {
    return tests(TrcEngine.PORTABLE, true);
  }

  @TestFactory
  Stream<DynamicTest> nativeReadsAndWritesThem() {
    return tests(TrcEngine.NATIVE, false);
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> nativeReadsAndWritesTheLongOnes() {
    return tests(TrcEngine.NATIVE, true);
  }

  @TestFactory
  Stream<DynamicTest> kernelsReadAndWriteThem() {
    return tests(TrcEngine.KERNELS, false);
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> kernelsReadAndWriteTheLongOnes() {
    return tests(TrcEngine.KERNELS, true);
  }

  private static Stream<DynamicTest> tests(TrcEngine engine, boolean isLong) {
    if (engine == TrcEngine.NATIVE) {
      assumeTrue(LlamaLibrary.isAvailable(), () -> String.valueOf(LlamaLibrary.unavailability()));
    }
    if (engine == TrcEngine.KERNELS) {
      String cause = KernelsLibrary.unavailability();
      assumeTrue(cause == null, String.valueOf(cause));
    }
    return GoldenArchives.all().entrySet().stream()
        .filter(golden -> LONG.contains(golden.getKey()) == isLong)
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    golden.getKey(),
                    () -> {
                      byte[] archive = GoldenArchives.read(golden.getKey());
                      TrcOptions options = TrcOptions.builder().engine(engine).build();
                      assertThat(Trc.decompress(archive, options))
                          .isEqualTo(golden.getValue().plain());
                      assertThat(golden.getValue().write(engine)).isEqualTo(archive);
                    }));
  }
}
