package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trc.predict.llama.LlamaLibrary;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Old archives open, with either engine, and either engine still writes them so. */
class GoldenArchivesTest {
  @TestFactory
  Stream<DynamicTest> javaReadsAndWritesThem() {
    return tests(TrcEngine.PORTABLE);
  }

  @TestFactory
  Stream<DynamicTest> nativeReadsAndWritesThem() {
    assumeTrue(LlamaLibrary.isAvailable(), () -> String.valueOf(LlamaLibrary.unavailability()));
    return tests(TrcEngine.NATIVE);
  }

  private static Stream<DynamicTest> tests(TrcEngine engine) {
    return GoldenArchives.all().entrySet().stream()
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
