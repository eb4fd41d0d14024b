package io.trc.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.compressors.CompressorStreamProvider;
import org.junit.jupiter.api.Test;

/** The class path and the module path name the same provider. */
class ServiceTest {
  private static final String PROVIDER = TrcCompressorStreamProvider.class.getName();

  private static Path classes() throws URISyntaxException {
    URL place =
        TrcCompressorStreamProvider.class.getProtectionDomain().getCodeSource().getLocation();
    return Path.of(place.toURI());
  }

  @Test
  void theModuleProvidesIt() throws IOException, URISyntaxException {
    try (InputStream in = Files.newInputStream(classes().resolve("module-info.class"))) {
      ModuleDescriptor module = ModuleDescriptor.read(in);
      assertThat(module.provides())
          .singleElement()
          .satisfies(
              provides -> {
                assertThat(provides.service()).isEqualTo(CompressorStreamProvider.class.getName());
                assertThat(provides.providers()).isEqualTo(List.of(PROVIDER));
              });
      assertThat(module.uses()).containsExactly(CompressorStreamProvider.class.getName());
    }
  }

  @Test
  void theServicesFileNamesIt() throws IOException, URISyntaxException {
    Path file = classes().resolve("META-INF/services/" + CompressorStreamProvider.class.getName());
    assertThat(Files.readAllLines(file)).containsExactly(PROVIDER);
  }
}
