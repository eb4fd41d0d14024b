package io.trc.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelsBinaryTest {
  private static final Path SOURCES = Path.of("src/main/c");
  private static final Path LIBRARIES = Path.of("src/main/resources/io/trc/kernels");
  private static final String NAME = "libtrckernels.so";

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** By file, what {@code sha256sum} wrote. */
  private static Map<String, String> written(String system) throws IOException {
    return Files.readAllLines(LIBRARIES.resolve(system).resolve(NAME + ".sha256")).stream()
        .map(line -> line.split("  ", 2))
        .collect(Collectors.toMap(line -> line[1], line -> line[0]));
  }

  @Test
  void systemsAreKnownByTheNamesThatJavaGivesThem() {
    assertThat(KernelsBinary.of("Linux", "amd64")).isNotNull();
    assertThat(KernelsBinary.of("Linux", "aarch64")).isNotNull();
    assertThat(KernelsBinary.of("Linux", "amd64").name()).isEqualTo(NAME);
    assertThat(KernelsBinary.of("Linux", "riscv64")).isNull();
    assertThat(KernelsBinary.of("Mac OS X", "x86_64")).isNull();
    assertThat(KernelsBinary.of("Windows 11", "amd64")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"linux-x86_64, amd64", "linux-aarch64, aarch64"})
  void theLibraryIsTheOneThatWasBuiltLast(String system, String processor) throws Exception {
    try (InputStream in = KernelsBinary.of("Linux", processor).resource().openStream()) {
      assertThat(sha256(in.readAllBytes())).isEqualTo(written(system).get(NAME));
    }
  }

  /** If not, {@code trc-kernels/build} is to be run. */
  @ParameterizedTest
  @ValueSource(strings = {"linux-x86_64", "linux-aarch64"})
  void itWasBuiltFromTheSourcesThatAreHere(String system) throws Exception {
    Map<String, String> hashes = new TreeMap<>(written(system));
    hashes.remove(NAME);
    Map<String, String> found = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> list = Files.list(SOURCES)) {
      files = list.toList();
    }
    for (Path file : files) {
      found.put(file.getFileName().toString(), sha256(Files.readAllBytes(file)));
    }
    assertThat(found).isEqualTo(hashes);
  }
}
