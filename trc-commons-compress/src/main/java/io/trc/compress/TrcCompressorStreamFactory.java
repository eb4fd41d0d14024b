package io.trc.compress;

import io.trc.Trc;
import io.trc.TrcOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorInputStream;
import org.apache.commons.compress.compressors.CompressorOutputStream;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.apache.commons.compress.compressors.CompressorStreamProvider;
import org.jspecify.annotations.Nullable;

/**
 * The factory of Commons Compress, which also knows .trc: by name, by detection, and under its
 * memory limit.
 *
 * <pre>{@code
 * CompressorStreamFactory factory = new TrcCompressorStreamFactory();
 * InputStream in = factory.createCompressorInputStream(new BufferedInputStream(file));
 * }</pre>
 *
 * <p>It takes the place of {@link CompressorStreamFactory} everywhere. The original finds providers
 * through the system class loader only and cannot be taught to detect; this one finds .trc wherever
 * this class is, and with it the other providers that its class loader sees. Detection looks for
 * .trc first and then for all that the original knows.
 *
 * <p>Safe for use by several threads, as the original.
 */
// The original's createCompressorOutputStream drops the type of the stream beneath.
@SuppressWarnings("unchecked")
public class TrcCompressorStreamFactory extends CompressorStreamFactory {
  /** The name of .trc. */
  public static final String TRC = "trc";

  private static final TrcCompressorStreamFactory SINGLETON = new TrcCompressorStreamFactory();

  /** The first bytes that tell a .trc stream. */
  private static final int SIGNATURE_LENGTH = 4;

  private final TrcCompressorStreamProvider trc;
  private @Nullable SortedMap<String, CompressorStreamProvider> readers;
  private @Nullable SortedMap<String, CompressorStreamProvider> writers;

  /** A factory that reads one member or stream, without a memory limit. */
  public TrcCompressorStreamFactory() {
    this.trc = new TrcCompressorStreamProvider();
  }

  /**
   * A factory without a memory limit.
   *
   * @param decompressUntilEof whether to read all that is concatenated, or only the first
   */
  public TrcCompressorStreamFactory(boolean decompressUntilEof) {
    this(decompressUntilEof, -1);
  }

  /**
   * A factory with a memory limit.
   *
   * @param decompressUntilEof whether to read all that is concatenated, or only the first
   * @param memoryLimitKiB the greatest memory that a reader may take, or -1 for no limit; the
   *     embedded model alone takes some 20 MiB
   */
  public TrcCompressorStreamFactory(boolean decompressUntilEof, int memoryLimitKiB) {
    this(decompressUntilEof, memoryLimitKiB, TrcOptions.DEFAULT);
  }

  /**
   * A factory whose .trc streams have options of their own.
   *
   * @param decompressUntilEof whether to read all that is concatenated, or only the first; decides,
   *     whatever the options say
   * @param memoryLimitKiB the greatest memory that a reader may take, or -1 for no limit but the
   *     options'
   * @param options for .trc streams
   */
  public TrcCompressorStreamFactory(
      boolean decompressUntilEof, int memoryLimitKiB, TrcOptions options) {
    super(decompressUntilEof, memoryLimitKiB);
    this.trc = new TrcCompressorStreamProvider(options, memoryLimitKiB);
  }

  /** A factory that all may share, made by the constructor without parameters. */
  public static TrcCompressorStreamFactory getSingleton() {
    return SINGLETON;
  }

  /**
   * Names what a stream was compressed with, .trc or any that Commons Compress detects. The stream
   * stays where it is.
   *
   * @param in supports {@link InputStream#mark}
   * @throws CompressorException if nothing is detected, or the stream cannot be read
   * @throws IllegalArgumentException if the stream is null or does not support mark
   */
  public static String detect(InputStream in) throws CompressorException {
    return detectTrc(in) ? TRC : CompressorStreamFactory.detect(in);
  }

  /**
   * Names what a stream was compressed with, if it is among the given names.
   *
   * @param in supports {@link InputStream#mark}
   * @param compressorNames the names to look for
   * @throws CompressorException if none of them is detected, or the stream cannot be read
   * @throws IllegalArgumentException if the stream is null or does not support mark, or there are
   *     no names
   */
  public static String detect(InputStream in, Set<String> compressorNames)
      throws CompressorException {
    check(in, compressorNames);
    // No two signatures fit the same bytes, so what is detected among all is detected among few.
    String name = detect(in);
    if (name.equals(TRC) ? namesTrc(compressorNames) : compressorNames.contains(name)) {
      return name;
    }
    throw notFound();
  }

  /**
   * Tells whether a stream begins like a .trc stream. The stream stays where it is.
   *
   * @param in supports {@link InputStream#mark}
   * @throws CompressorException if the stream cannot be read
   * @throws IllegalArgumentException if the stream is null or does not support mark
   */
  public static boolean detectTrc(InputStream in) throws CompressorException {
    check(in);
    in.mark(SIGNATURE_LENGTH);
    try {
      byte[] signature = in.readNBytes(SIGNATURE_LENGTH);
      in.reset();
      return Trc.matches(signature, signature.length);
    } catch (IOException e) {
      throw new CompressorException("Failed to read signature.", e);
    }
  }

  /**
   * The providers to read with, by upper-case name: the original's, .trc, and what is beside it.
   */
  public static SortedMap<String, CompressorStreamProvider>
      findAvailableCompressorInputStreamProviders() {
    return withOwn(
        CompressorStreamFactory.findAvailableCompressorInputStreamProviders(),
        CompressorStreamProvider::getInputStreamCompressorNames,
        SINGLETON.trc);
  }

  /**
   * The providers to write with, by upper-case name: the original's, .trc, and what is beside it.
   */
  public static SortedMap<String, CompressorStreamProvider>
      findAvailableCompressorOutputStreamProviders() {
    return withOwn(
        CompressorStreamFactory.findAvailableCompressorOutputStreamProviders(),
        CompressorStreamProvider::getOutputStreamCompressorNames,
        SINGLETON.trc);
  }

  private static SortedMap<String, CompressorStreamProvider> withOwn(
      SortedMap<String, CompressorStreamProvider> original,
      Function<CompressorStreamProvider, Set<String>> names,
      CompressorStreamProvider trc) {
    SortedMap<String, CompressorStreamProvider> providers = new TreeMap<>(original);
    ClassLoader own = TrcCompressorStreamFactory.class.getClassLoader();
    for (CompressorStreamProvider provider :
        ServiceLoader.load(CompressorStreamProvider.class, own)) {
      for (String name : names.apply(provider)) {
        providers.putIfAbsent(name.toUpperCase(Locale.ROOT), provider);
      }
    }
    providers.put(TRC.toUpperCase(Locale.ROOT), trc);
    return providers;
  }

  @Override
  public CompressorInputStream createCompressorInputStream(InputStream in)
      throws CompressorException {
    return createCompressorInputStream(detect(in), in);
  }

  @Override
  public CompressorInputStream createCompressorInputStream(
      InputStream in, Set<String> compressorNames) throws CompressorException {
    return createCompressorInputStream(detect(in, compressorNames), in);
  }

  @Override
  public CompressorInputStream createCompressorInputStream(
      String name, InputStream in, boolean decompressUntilEof) throws CompressorException {
    return TrcCompressorStreamProvider.isTrc(name)
        ? trc.createCompressorInputStream(name, in, decompressUntilEof)
        : super.createCompressorInputStream(name, in, decompressUntilEof);
  }

  @Override
  public CompressorOutputStream<? extends OutputStream> createCompressorOutputStream(
      String name, OutputStream out) throws CompressorException {
    return TrcCompressorStreamProvider.isTrc(name)
        ? trc.createCompressorOutputStream(name, out)
        : super.createCompressorOutputStream(name, out);
  }

  @Override
  public synchronized SortedMap<String, CompressorStreamProvider>
      getCompressorInputStreamProviders() {
    if (readers == null) {
      readers =
          Collections.unmodifiableSortedMap(
              withOwn(
                  super.getCompressorInputStreamProviders(),
                  CompressorStreamProvider::getInputStreamCompressorNames,
                  trc));
    }
    return readers;
  }

  @Override
  public synchronized SortedMap<String, CompressorStreamProvider>
      getCompressorOutputStreamProviders() {
    if (writers == null) {
      writers =
          Collections.unmodifiableSortedMap(
              withOwn(
                  super.getCompressorOutputStreamProviders(),
                  CompressorStreamProvider::getOutputStreamCompressorNames,
                  trc));
    }
    return writers;
  }

  @Override
  public Set<String> getInputStreamCompressorNames() {
    return withTrc(super.getInputStreamCompressorNames());
  }

  @Override
  public Set<String> getOutputStreamCompressorNames() {
    return withTrc(super.getOutputStreamCompressorNames());
  }

  private static Set<String> withTrc(Set<String> names) {
    Set<String> all = new HashSet<>(names);
    all.add(TRC);
    return all;
  }

  private static boolean namesTrc(Set<String> compressorNames) {
    return compressorNames.stream().anyMatch(TrcCompressorStreamProvider::isTrc);
  }

  private static void check(InputStream in) {
    if (in == null) {
      throw new IllegalArgumentException("Stream must not be null.");
    }
    if (!in.markSupported()) {
      throw new IllegalArgumentException("Mark is not supported.");
    }
  }

  private static void check(InputStream in, Set<String> compressorNames) {
    check(in);
    if (compressorNames == null || compressorNames.isEmpty()) {
      throw new IllegalArgumentException("Compressor names cannot be null or empty");
    }
  }

  private static CompressorException notFound() {
    return new CompressorException("No Compressor found for the stream signature.");
  }
}
