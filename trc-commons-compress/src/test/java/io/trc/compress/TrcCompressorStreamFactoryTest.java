package io.trc.compress;

import static io.trc.compress.Members.CAT;
import static io.trc.compress.Members.FOX;
import static io.trc.compress.Members.compress;
import static io.trc.compress.Members.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.trc.Trc;
import io.trc.TrcFormatException;
import io.trc.TrcInputStream;
import io.trc.TrcOptions;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.Set;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorInputStream;
import org.apache.commons.compress.compressors.CompressorOutputStream;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.apache.commons.compress.compressors.CompressorStreamProvider;
import org.apache.commons.io.input.BrokenInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrcCompressorStreamFactoryTest {
  private static byte[] fox;
  private static byte[] cat;

  private final TrcCompressorStreamFactory factory = new TrcCompressorStreamFactory();

  @BeforeAll
  static void compressBoth() throws IOException {
    fox = compress(FOX);
    cat = compress(CAT);
  }

  private static InputStream in(byte[]... parts) {
    return new ByteArrayInputStream(join(parts));
  }

  private static void roundTrip(CompressorStreamFactory factory, String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CompressorOutputStream<?> out = factory.createCompressorOutputStream(name, bytes)) {
      assertThat(out).isInstanceOf(TrcCompressorOutputStream.class);
      out.write(FOX);
    }
    try (CompressorInputStream in =
        factory.createCompressorInputStream(name, in(bytes.toByteArray()))) {
      assertThat(in).isInstanceOf(TrcCompressorInputStream.class);
      assertThat(in.readAllBytes()).isEqualTo(FOX);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"trc", "TRC", "Trc", "tRC"})
  void theOriginalFactoryGoesThereAndBackByNameInAnyCase(String name) throws IOException {
    roundTrip(new CompressorStreamFactory(), name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"trc", "TRC", "Trc", "tRC"})
  void thisFactoryGoesThereAndBackByNameInAnyCase(String name) throws IOException {
    roundTrip(factory, name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bzip2", "gz", "XZ", "lzma", "deflate", "lz4-block", "lz4-framed", "zstd"})
  void theOtherNamesStillWork(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = factory.createCompressorOutputStream(name, bytes)) {
      out.write(FOX);
    }
    try (InputStream in = factory.createCompressorInputStream(name, in(bytes.toByteArray()))) {
      assertThat(in.readAllBytes()).isEqualTo(FOX);
    }
  }

  @Test
  void theProviderIsFoundByTheOriginalFactory() {
    assertThat(CompressorStreamFactory.findAvailableCompressorInputStreamProviders().get("TRC"))
        .isInstanceOf(TrcCompressorStreamProvider.class);
    assertThat(CompressorStreamFactory.findAvailableCompressorOutputStreamProviders().get("TRC"))
        .isInstanceOf(TrcCompressorStreamProvider.class);
  }

  @Test
  void detectsTrc() throws IOException {
    try (InputStream in = factory.createCompressorInputStream(in(fox))) {
      assertThat(in).isInstanceOf(TrcCompressorInputStream.class);
      assertThat(in.readAllBytes()).isEqualTo(FOX);
    }
  }

  @Test
  void detectsWithoutMovingTheStream() throws IOException {
    InputStream in = new BufferedInputStream(in(fox));
    assertThat(TrcCompressorStreamFactory.detect(in)).isEqualTo("trc");
    assertThat(TrcCompressorStreamFactory.detectTrc(in)).isTrue();
    assertThat(TrcCompressorStreamFactory.detect(in, Set.of("gz", "trc"))).isEqualTo("trc");
    assertThat(in.readAllBytes()).isEqualTo(fox);
  }

  @Test
  void detectsTheEmptyMember() throws IOException {
    try (InputStream in = factory.createCompressorInputStream(in(compress(new byte[0])))) {
      assertThat(in).isInstanceOf(TrcCompressorInputStream.class);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void detectsTrcAmongGivenNamesInAnyCase() throws IOException {
    for (Set<String> names : Set.of(Set.of("trc"), Set.of("TRC"), Set.of("xz", "Trc", "gz"))) {
      try (InputStream in = factory.createCompressorInputStream(in(fox), names)) {
        assertThat(in.readAllBytes()).isEqualTo(FOX);
      }
    }
  }

  @Test
  void doesNotDetectTrcWhereItIsNotAmongTheNames() {
    assertThatExceptionOfType(CompressorException.class)
        .isThrownBy(() -> factory.createCompressorInputStream(in(fox), Set.of("xz", "gz")));
    assertThatExceptionOfType(CompressorException.class)
        .isThrownBy(() -> TrcCompressorStreamFactory.detect(in(fox), Set.of("xz")));
    assertThatExceptionOfType(CompressorException.class)
        .isThrownBy(() -> factory.createCompressorInputStream(in(FOX), Set.of("trc")));
  }

  @Test
  void detectsThroughTheTypeOfTheOriginal() throws IOException {
    CompressorStreamFactory original = new TrcCompressorStreamFactory(true);
    try (InputStream in = original.createCompressorInputStream(in(fox, cat))) {
      assertThat(in.readAllBytes()).isEqualTo(join(FOX, CAT));
    }
    CompressorStreamProvider provider = new TrcCompressorStreamFactory();
    try (InputStream in = provider.createCompressorInputStream("trc", in(fox, cat), false)) {
      assertThat(in.readAllBytes()).isEqualTo(FOX);
    }
  }

  @Test
  void readsOneMemberOrAllOfThem() throws IOException {
    assertThat(factory.createCompressorInputStream("trc", in(fox, cat)).readAllBytes())
        .isEqualTo(FOX);
    assertThat(
            new TrcCompressorStreamFactory(true)
                .createCompressorInputStream("trc", in(fox, cat))
                .readAllBytes())
        .isEqualTo(join(FOX, CAT));
    assertThat(factory.createCompressorInputStream("trc", in(fox, cat), true).readAllBytes())
        .isEqualTo(join(FOX, CAT));
    assertThat(new TrcCompressorStreamFactory(true).getDecompressUntilEOF()).isTrue();
    assertThat(factory.getDecompressUntilEOF()).isNull();
  }

  @Test
  @SuppressWarnings("deprecation") // part of what the original offers
  void obeysTheDeprecatedSwitchToo() throws IOException {
    factory.setDecompressConcatenated(true);
    assertThat(factory.createCompressorInputStream(in(fox, cat)).readAllBytes())
        .isEqualTo(join(FOX, CAT));
    assertThatIllegalStateException()
        .isThrownBy(
            () -> new TrcCompressorStreamFactory(true, -1).setDecompressConcatenated(false));
  }

  @Test
  void stopsExactlyAfterEveryMember() throws IOException {
    InputStream in = in(fox, cat, fox);
    assertThat(factory.createCompressorInputStream(in).readAllBytes()).isEqualTo(FOX);
    assertThat(factory.createCompressorInputStream(in).readAllBytes()).isEqualTo(CAT);
    assertThat(factory.createCompressorInputStream(in).readAllBytes()).isEqualTo(FOX);
    assertThatExceptionOfType(CompressorException.class)
        .isThrownBy(() -> factory.createCompressorInputStream(in));
  }

  @Test
  void handsItsMemoryLimitToTrc() throws IOException {
    CompressorStreamFactory limited = new TrcCompressorStreamFactory(true, 100);
    InputStream in = limited.createCompressorInputStream(in(fox));
    assertThatExceptionOfType(MemoryLimitException.class)
        .isThrownBy(in::read)
        .satisfies(e -> assertThat(e.getMemoryLimitInKb()).isEqualTo(100));
    InputStream byName = limited.createCompressorInputStream("TRC", in(fox));
    assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(byName::read);
  }

  @Test
  void handsItsOptionsToTrc() throws IOException {
    TrcOptions smallest = TrcOptions.builder().level(9).build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CompressorStreamFactory nine = new TrcCompressorStreamFactory(false, -1, smallest);
    try (OutputStream out = nine.createCompressorOutputStream("trc", bytes)) {
      out.write(FOX);
    }
    assertThat(bytes.toByteArray()).isEqualTo(Trc.compress(FOX, smallest));
    assertThat(new TrcInputStream(in(bytes.toByteArray())).readAllBytes()).isEqualTo(FOX);
  }

  @Test
  void listsTrcBesideAllThatTheOriginalLists() {
    CompressorStreamFactory original = new CompressorStreamFactory();
    assertThat(factory.getInputStreamCompressorNames())
        .contains("trc")
        .containsAll(original.getInputStreamCompressorNames());
    assertThat(factory.getOutputStreamCompressorNames())
        .contains("trc")
        .containsAll(original.getOutputStreamCompressorNames());
    assertThat(factory.getCompressorInputStreamProviders().keySet())
        .contains("TRC")
        .containsAll(original.getCompressorInputStreamProviders().keySet());
    assertThat(factory.getCompressorOutputStreamProviders().keySet())
        .contains("TRC")
        .containsAll(original.getCompressorOutputStreamProviders().keySet());
    assertThat(TrcCompressorStreamFactory.findAvailableCompressorInputStreamProviders())
        .containsKeys("TRC", "XZ");
    assertThat(TrcCompressorStreamFactory.findAvailableCompressorOutputStreamProviders())
        .containsKeys("TRC", "XZ");
    assertThat(TrcCompressorStreamFactory.getSingleton().getInputStreamCompressorNames())
        .contains("trc");
  }

  @Test
  void refusesNull() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> factory.createCompressorInputStream((InputStream) null))
        .withMessage("Stream must not be null.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> factory.createCompressorInputStream(null, Set.of("trc")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> factory.createCompressorInputStream(in(fox), (Set<String>) null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> factory.createCompressorInputStream(in(fox), Set.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> factory.createCompressorInputStream("trc", null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> factory.createCompressorInputStream((String) null, in(fox)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> factory.createCompressorOutputStream("trc", null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> factory.createCompressorOutputStream(null, new ByteArrayOutputStream()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CompressorStreamFactory().createCompressorInputStream("trc", null));
  }

  @Test
  void refusesToDetectInAStreamThatCannotGoBack() {
    InputStream noMark = new PushbackInputStream(in(fox));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> factory.createCompressorInputStream(noMark))
        .withMessage("Mark is not supported.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrcCompressorStreamFactory.detect(noMark, Set.of("trc")));
  }

  @Test
  void detectsNothingInFewerBytesThanASignature() {
    for (int length = 0; length < 4; length++) {
      byte[] few = Arrays.copyOf(fox, length);
      assertThatExceptionOfType(CompressorException.class)
          .isThrownBy(() -> factory.createCompressorInputStream(in(few)))
          .withMessage("No Compressor found for the stream signature.");
      assertThatExceptionOfType(CompressorException.class)
          .isThrownBy(() -> factory.createCompressorInputStream("trc", in(few)))
          .withMessage("Could not create CompressorInputStream.")
          .withCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void saysWhenTheSignatureCannotBeRead() {
    IOException broken = new IOException("the cable is broken");
    InputStream beneath = new BrokenInputStream(() -> broken);
    assertThatExceptionOfType(CompressorException.class)
        .isThrownBy(() -> factory.createCompressorInputStream(new BufferedInputStream(beneath)))
        .withMessage("Failed to read signature.")
        .withCause(broken);
    assertThatExceptionOfType(CompressorException.class)
        .isThrownBy(() -> factory.createCompressorInputStream("trc", beneath))
        .withCause(broken);
  }

  @Test
  void refusesTheDataOfAnotherCompressor() throws IOException {
    ByteArrayOutputStream xz = new ByteArrayOutputStream();
    try (OutputStream out = factory.createCompressorOutputStream("xz", xz)) {
      out.write(FOX);
    }
    for (CompressorStreamFactory each : Set.of(factory, new CompressorStreamFactory())) {
      assertThatExceptionOfType(CompressorException.class)
          .isThrownBy(() -> each.createCompressorInputStream("trc", in(xz.toByteArray())))
          .withCauseInstanceOf(TrcFormatException.class);
      assertThatExceptionOfType(CompressorException.class)
          .isThrownBy(() -> each.createCompressorInputStream("xz", in(fox)));
    }
  }

  @Test
  void refusesNamesThatNobodyKnows() {
    assertThatExceptionOfType(CompressorException.class)
        .isThrownBy(() -> factory.createCompressorInputStream("trx", in(fox)))
        .withMessage("Compressor: trx not found.");
    assertThatExceptionOfType(CompressorException.class)
        .isThrownBy(() -> factory.createCompressorOutputStream("trx", new ByteArrayOutputStream()))
        .withMessage("Compressor: trx not found.");
    TrcCompressorStreamProvider provider = new TrcCompressorStreamProvider();
    assertThatExceptionOfType(CompressorException.class)
        .isThrownBy(() -> provider.createCompressorInputStream("xz", in(fox), false))
        .withMessage("Compressor: xz not found.");
    assertThatExceptionOfType(CompressorException.class)
        .isThrownBy(() -> provider.createCompressorOutputStream("xz", new ByteArrayOutputStream()));
  }
}
