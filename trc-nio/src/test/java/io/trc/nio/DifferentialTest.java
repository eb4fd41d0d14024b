package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same random operations on an overlay and on a plain folder end alike. */
class DifferentialTest {
  private static final int OPERATIONS = 600;
  private static final String[] NAMES = {"a", "b", "c", "a.trc", "b.trc", "c.trc"};

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void anOverlayOverTheDefaultFileSystemIsLikeAPlainFolder(long seed) throws IOException {
    Path plain = Files.createDirectory(folder.resolve("plain"));
    try (FileSystem overlay =
        TrcFileSystems.open(
            Files.createDirectory(folder.resolve("stored")), Texts.QUICK, env(seed))) {
      compare(seed, plain, overlay.getPath("/"));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anOverlayOverMemoryIsLikeAPlainFolder(long seed) throws IOException {
    Path plain = Files.createDirectory(folder.resolve("plain"));
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
        FileSystem overlay =
            TrcFileSystems.open(
                Files.createDirectory(memory.getPath("/stored")), Texts.QUICK, env(seed))) {
      compare(seed, plain, overlay.getPath("/"));
    }
  }

  private static Map<String, ?> env(long seed) {
    return switch ((int) (seed % 3)) {
      case 0 -> Map.of(TrcFileSystems.COMPRESS, "none");
      case 1 -> Map.of();
      default -> Map.of(TrcFileSystems.COMPRESS, "glob:**a", TrcFileSystems.MIN_SIZE, 20);
    };
  }

  private static void compare(long seed, Path plain, Path overlay) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < OPERATIONS; i++) {
      long step = random.nextLong();
      String expected = outcome(new Random(step), plain);
      String actual = outcome(new Random(step), overlay);
      assertThat(actual).as("operation %d", i).isEqualTo(expected);
      if (i % 20 == 0 || i == OPERATIONS - 1) {
        assertThat(tree(overlay)).as("after operation %d", i).isEqualTo(tree(plain));
      }
    }
  }

  /** Does one random operation below a root; says what came of it. */
  private static String outcome(Random random, Path root) {
    StringBuilder what = new StringBuilder();
    try {
      what.append(operate(random, root, what));
    } catch (FileSystemException e) {
      // Where two paths are given, the JDK names now the one and now the other, and has a class of
      // its own for a name below a file from one version and none in another.
      boolean two = what.toString().startsWith("two");
      if (two && "Not a directory".equals(e.getReason())) {
        what.append("NoSuchFileException");
      } else {
        what.append(e.getClass().getSimpleName());
      }
      if (!two && e.getClass() != FileSystemException.class) {
        what.append(' ').append(name(root, e.getFile()));
      }
    } catch (IOException e) {
      // The JDK has a plain IOException where a directory is read.
      what.append("FileSystemException");
    } catch (RuntimeException e) {
      what.append(e.getClass().getSimpleName());
    }
    return what.toString();
  }

  private static String name(Path root, String file) {
    Path path = root.getFileSystem().getPath(file);
    return path.isAbsolute() ? root.relativize(path).toString() : file;
  }

  private static Path pick(Random random, Path root) {
    Path path = root.resolve(NAMES[random.nextInt(NAMES.length)]);
    while (random.nextInt(3) == 0) {
      path = path.resolve(NAMES[random.nextInt(NAMES.length)]);
    }
    return path;
  }

  private static String operate(Random random, Path root, StringBuilder what) throws IOException {
    Path path = pick(random, root);
    Path picked = pick(random, root);
    // A link that is copied to itself stays, as Files.copy has it; the JDK's own provider throws.
    Path other = picked.equals(path) ? path.resolveSibling("d") : picked;
    byte[] bytes = Texts.binary(random.nextLong(), random.nextInt(60));
    int operation = random.nextInt(17);
    what.append(operation >= 8 && operation <= 12 ? "two " : "one ")
        .append(operation)
        .append(' ')
        .append(root.relativize(path))
        .append(' ')
        .append(root.relativize(other))
        .append(": ");
    switch (operation) {
      case 0, 1 -> Files.write(path, bytes);
      case 2 -> Files.write(path, bytes, StandardOpenOption.APPEND);
      case 3 -> Files.write(path, bytes, StandardOpenOption.CREATE_NEW);
      case 4 -> Files.write(path, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      case 5, 6 -> Files.createDirectory(path);
      case 7 -> Files.delete(path);
      case 8 -> Files.copy(path, other);
      case 9 ->
          Files.copy(path, other, StandardCopyOption.REPLACE_EXISTING, LinkOption.NOFOLLOW_LINKS);
      case 10 -> Files.move(path, other);
      case 11 -> Files.move(path, other, StandardCopyOption.REPLACE_EXISTING);
      case 12 -> {
        Path target = random.nextBoolean() ? other.getFileName() : other;
        Files.createSymbolicLink(path, target);
      }
      case 13 -> {
        return Arrays.hashCode(Files.readAllBytes(path)) + "";
      }
      case 14 -> {
        try (SeekableByteChannel channel =
            Files.newByteChannel(path, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
          channel.position(random.nextInt(40)).write(ByteBuffer.wrap(bytes));
          channel.truncate(random.nextInt(50));
          ByteBuffer back = ByteBuffer.allocate(100);
          return channel.position(3).read(back) + " " + Arrays.hashCode(back.array());
        }
      }
      case 15 -> {
        return Files.exists(path)
            + " "
            + Files.isDirectory(path)
            + " "
            + Files.isSymbolicLink(path)
            + " "
            + Files.isRegularFile(path);
      }
      default -> {
        return root.relativize(path.toRealPath()) + "";
      }
    }
    return "done";
  }

  private static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        tree.put(root.relativize(path).toString(), describe(root, path));
      }
    }
    return tree;
  }

  private static String describe(Path root, Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      Path target = Files.readSymbolicLink(path);
      return "-> " + (target.isAbsolute() ? "/" + root.relativize(target) : target);
    }
    if (Files.isDirectory(path)) {
      return "folder";
    }
    byte[] bytes = Files.readAllBytes(path);
    assertThat(Files.size(path)).isEqualTo(bytes.length);
    return Arrays.hashCode(bytes) + "";
  }
}
