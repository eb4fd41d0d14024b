package io.trc.models;

import io.trc.files.UserFolders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of model files. That of a large file is kept in the user's cache folder, for as long as
 * the file's length and time of change stay what they were.
 */
final class ModelDigests {
  private static final long LARGE = 32L << 20;
  private static final int HEX_LENGTH = 64;

  private ModelDigests() {}

  static String sha256(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.size() < LARGE) {
      return compute(file);
    }
    String key =
        file.toRealPath()
            + "|"
            + attributes.size()
            + "|"
            + attributes.lastModifiedTime().toMillis();
    Path cached = UserFolders.cache().resolve("digests").resolve(hex(key));
    String known = read(cached);
    if (known != null) {
      return known;
    }
    String digest = compute(file);
    keep(cached, digest);
    return digest;
  }

  private static @Nullable String read(Path cached) {
    try {
      String text = Files.readString(cached, StandardCharsets.US_ASCII).trim();
      return text.length() == HEX_LENGTH ? text : null;
    } catch (IOException e) {
      return null; // not cached, or not readable: it is computed instead
    }
  }

  /** A cache that cannot be written only costs time. */
  private static void keep(Path cached, String digest) {
    try {
      Path folder = Files.createDirectories(cached.toAbsolutePath().getParent());
      Path fresh = Files.createTempFile(folder, "digest", ".tmp");
      Files.writeString(fresh, digest, StandardCharsets.US_ASCII);
      Files.move(fresh, cached, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      System.getLogger("io.trc").log(System.Logger.Level.DEBUG, "digest not cached", e);
    }
  }

  private static String compute(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String hex(String key) {
    return HexFormat.of().formatHex(sha256().digest(key.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
