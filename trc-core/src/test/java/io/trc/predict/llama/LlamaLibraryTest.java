package io.trc.predict.llama;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.TrcEngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaLibraryTest {
  @TempDir Path folder;

  @Test
  void isAvailableOrSaysWhyNot() {
    assertThat(LlamaLibrary.unavailability() == null).isEqualTo(LlamaLibrary.isAvailable());
  }

  @Test
  void saysThatANamedLibraryIsNoFile() {
    String missing = folder.resolve("libllama.so").toString();
    assertThat(LlamaLibrary.load(missing).failure())
        .isInstanceOf(TrcEngineException.class)
        .hasMessageContaining(missing);
  }

  @Test
  void saysThatANamedFileIsNoLibrary() throws Exception {
    Path text = Files.writeString(folder.resolve("libllama.so"), "text");
    assertThat(LlamaLibrary.load(text.toString()).failure())
        .hasMessageContaining("cannot be loaded")
        .hasMessageContaining(text.toString());
  }

  @Test
  void saysThatANamedLibraryIsNotLlama() {
    Path home = Path.of(System.getProperty("java.home"));
    String name = System.mapLibraryName("zip");
    Path library = home.resolve(name.endsWith(".dll") ? "bin" : "lib").resolve(name);
    assertThat(LlamaLibrary.load(library.toString()).failure())
        .hasMessageContaining("exports no llama_decode");
  }

  @Test
  void namesWhatAnOldProcessorLacks() {
    assertThat(LlamaLibrary.missingFeatures(List.of("processor\t: 0", "flags\t\t: fpu avx bmi2")))
        .containsExactly("avx2", "fma", "f16c");
    assertThat(LlamaLibrary.missingFeatures(List.of("flags\t\t: avx2 f16c fma bmi2"))).isEmpty();
  }
}
