package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trc.predict.llama.LlamaLibrary;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Old archives open, with either engine, and either engine still writes them so. */
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

  private static Stream<DynamicTest> tests(TrcEngine engine, boolean isLong) {
    if (engine == TrcEngine.NATIVE) {
      assumeTrue(LlamaLibrary.isAvailable(), () -> String.valueOf(LlamaLibrary.unavailability()));
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
