package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand random operations, played on overlays and on a plain folder: every answer and what
 * is left are the same. Two file systems are open on one folder, and two threads play at once, each
 * below a folder of its own, where the answers are certain, while both also append to one file.
 */
@Tag("slow")
class LongDifferentialTest {
  private static final int OPERATIONS = 10_000;
  private static final int THREADS = 2;
  private static final int ROUNDS = 50;
  private static final long SEED = 20_240_229;

  private static final String[] NAMES = {
    "a", "b", "a.trc", "b.trc", "u\u0308", "\u00FC", "x y!%", ".hidden"
  };

  private static final List<Operation> ALL = List.of(Operation.values());

  @TempDir Path folder;

  private enum Operation {
    CREATE,
    WRITE,
    WRITE_AT,
    APPEND,
    TRUNCATE,
    MOVE,
    COPY,
    DELETE,
    FOLDER,
    LINK,
    WALK,
    ATTRIBUTES,
    TIMES,
    READ,
    READ_AT
  }

  /** One who plays: the same operations on both sides, and through both overlays. */
  private static final class Player implements Callable<Map<Operation, Integer>> {
    private final Random random;
    private final int operations;
    private final Path plain;
    private final List<Path> overlays;
    private final List<Path> logs;
    private final int number;
    private final Map<Operation, Integer> succeeded = new EnumMap<>(Operation.class);

    Player(int number, int operations, Path plain, List<Path> overlays) {
      this.number = number;
      this.random = new Random(SEED + number);
      this.operations = operations;
      this.plain = plain.resolve("player" + number);
      this.overlays = overlays.stream().map(overlay -> overlay.resolve("player" + number)).toList();
      this.logs = new ArrayList<>(List.of(plain.resolve("log")));
      overlays.forEach(overlay -> logs.add(overlay.resolve("log")));
    }

    @Override
    public Map<Operation, Integer> call() throws IOException {
      for (int i = 0; i < operations; i++) {
        Operation operation = ALL.get(random.nextInt(ALL.size()));
        long step = random.nextLong();
        Path overlay = overlays.get(random.nextInt(overlays.size()));
        String expected = outcome(operation, new Random(step), plain);
        String actual = outcome(operation, new Random(step), overlay);
        assertThat(actual)
            .as("player %d, operation %d %s", number, i, operation)
            .isEqualTo(expected);
        if (!expected.contains("Exception")) {
          succeeded.merge(operation, 1, Integer::sum);
        }
        if (i % 100 == 0) {
          // The other plays there too, through either overlay.
          byte[] line = {(byte) 0xFF, (byte) number, (byte) (i / 100)};
          Files.write(logs.get(0), line, StandardOpenOption.APPEND);
          Files.write(logs.get(1 + random.nextInt(2)), line, StandardOpenOption.APPEND);
        }
      }
      return succeeded;
    }
  }

  @Test
  void tenThousandOperationsOfTwoThreadsThroughTwoFileSystemsEndAsOnAPlainFolder()
      throws Exception {
    Path plain = Files.createDirectory(folder.resolve("plain"));
    Path stored = Files.createDirectory(folder.resolve("stored"));
    Map<String, ?> env = Map.of(TrcFileSystems.COMPRESS, "glob:**[ab]*", "trc.minSize", 20);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (FileSystem one = TrcFileSystems.open(stored, Texts.QUICK);
        FileSystem two = TrcFileSystems.open(stored, Texts.QUICK, env)) {
      List<Path> overlays = List.of(one.getPath("/"), two.getPath("/"));
      Files.createFile(plain.resolve("log"));
      Files.createFile(overlays.get(0).resolve("log"));
      List<Future<Map<Operation, Integer>>> games = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Files.createDirectory(plain.resolve("player" + i));
        Files.createDirectory(overlays.get(0).resolve("player" + i));
        games.add(threads.submit(new Player(i, OPERATIONS / THREADS, plain, overlays)));
      }
      Map<Operation, Integer> succeeded = new EnumMap<>(Operation.class);
      for (Future<Map<Operation, Integer>> game : games) {
        game.get().forEach((operation, count) -> succeeded.merge(operation, count, Integer::sum));
      }
      assertThat(succeeded).containsOnlyKeys(Operation.values());
      assertThat(succeeded.values()).allMatch(count -> count >= ROUNDS);
      assertThat(lines(overlays.get(0))).isEqualTo(lines(plain)).hasSize(OPERATIONS / 100);
      for (Path overlay : overlays) {
        for (int i = 0; i < THREADS; i++) {
          String player = "player" + i;
          assertThat(tree(overlay.resolve(player))).isEqualTo(tree(plain.resolve(player)));
        }
      }
    } finally {
      threads.shutdownNow();
    }
    try (Stream<Path> left = Files.walk(stored)) {
      assertThat(left).noneMatch(file -> Tree.isTemporary(file.getFileName().toString()));
    }
  }

  private static Set<String> lines(Path root) throws IOException {
    byte[] log = Files.readAllBytes(root.resolve("log"));
    Set<String> lines = new HashSet<>();
    for (int i = 0; i < log.length; i += 3) {
      lines.add(Arrays.toString(Arrays.copyOfRange(log, i, i + 3)));
    }
    return lines;
  }

  @Test
  void whoReadsWhileAnotherWritesSeesOneWholeContentOrTheOther() throws Exception {
    Path stored = Files.createDirectory(folder.resolve("stored"));
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (FileSystem one = TrcFileSystems.open(stored, Texts.QUICK);
        FileSystem two = TrcFileSystems.open(stored, Texts.QUICK, Map.of("trc.compress", "none"))) {
      byte[] packed = Texts.binary(1, 5000);
      byte[] raw = Texts.binary(2, 7000);
      Files.write(one.getPath("a"), packed);
      Future<Integer> writing =
          threads.submit(
              () -> {
                start.await();
                for (int i = 0; i < ROUNDS; i++) {
                  // In one form and then in the other, under two names.
                  Files.write(two.getPath("a"), raw);
                  Files.write(one.getPath("a"), packed);
                }
                return ROUNDS;
              });
      start.await();
      int reads = 0;
      while (reads < ROUNDS || !writing.isDone()) {
        byte[] read = Files.readAllBytes(one.getPath("a"));
        assertThat(Arrays.equals(read, packed) || Arrays.equals(read, raw)).isTrue();
        assertThat(Files.size(two.getPath("a"))).isIn(5000L, 7000L);
        reads++;
      }
      assertThat(writing.get()).isEqualTo(ROUNDS);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Does one random operation below a root; says what came of it. */
  private static String outcome(Operation operation, Random random, Path root) {
    Path path = pick(random, root);
    Path other = pick(random, root);
    try {
      return operate(operation, random, root, path, other);
    } catch (FileSystemException e) {
      // Which of two paths is named, and whether a file in the place of a folder has a class of
      // its own, differs between versions of the JDK.
      return e.getClass().getSimpleName().equals("NoSuchFileException")
              || "Not a directory".equals(e.getReason())
          ? "no such Exception"
          : e.getClass().getSimpleName();
    } catch (IOException e) {
      // The JDK has a plain IOException where a directory is read.
      return "FileSystemException";
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      return e.getClass().getSimpleName();
    }
  }

  private static Path pick(Random random, Path root) {
    Path path = root.resolve(NAMES[random.nextInt(NAMES.length)]);
    while (random.nextInt(4) == 0) {
      path = path.resolve(NAMES[random.nextInt(NAMES.length)]);
    }
    return path;
  }

  private static String operate(
      Operation operation, Random random, Path root, Path path, Path other) throws IOException {
    // Beginning like a stream now and then.
    byte[] bytes = Texts.binary(random.nextLong(), random.nextInt(80));
    if (random.nextInt(8) == 0 && bytes.length >= 4) {
      bytes[0] = (byte) 0x8F;
      bytes[1] = 'T';
      bytes[2] = 'R';
      bytes[3] = 'C';
    }
    switch (operation) {
      case CREATE -> Files.write(path, bytes, StandardOpenOption.CREATE_NEW);
      case WRITE -> Files.write(path, bytes);
      case APPEND -> {
        List<OpenOption> options = new ArrayList<>(List.of(StandardOpenOption.APPEND));
        if (random.nextBoolean()) {
          options.add(StandardOpenOption.CREATE);
        }
        try (FileChannel channel = FileChannel.open(path, new HashSet<>(options))) {
          long begin = channel.position();
          channel.write(ByteBuffer.wrap(bytes));
          return begin + " " + channel.position() + " " + channel.size();
        }
      }
      case WRITE_AT -> {
        try (FileChannel channel =
            FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          channel.write(ByteBuffer.wrap(bytes), random.nextInt(100));
          ByteBuffer back = ByteBuffer.allocate(200);
          return channel.read(back, random.nextInt(50)) + " " + Arrays.hashCode(back.array());
        }
      }
      case TRUNCATE -> {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.position(random.nextInt(60)).truncate(random.nextInt(60));
          return channel.position() + " " + channel.size();
        }
      }
      case MOVE -> Files.move(path, other, options(random, false));
      case COPY -> {
        if (!path.equals(other)) {
          Files.copy(path, other, options(random, true));
        }
      }
      case DELETE -> Files.delete(path);
      case FOLDER -> Files.createDirectory(path);
      case LINK ->
          Files.createSymbolicLink(path, random.nextBoolean() ? other.getFileName() : other);
      case WALK -> {
        return tree(root).toString();
      }
      case ATTRIBUTES -> {
        BasicFileAttributes attributes =
            random.nextBoolean()
                ? Files.readAttributes(path, BasicFileAttributes.class)
                : Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.isDirectory()
            + " "
            + attributes.isSymbolicLink()
            + " "
            + (attributes.isRegularFile() ? attributes.size() : -1)
            + " "
            + root.relativize(path.toRealPath());
      }
      case TIMES -> {
        FileTime time = FileTime.fromMillis(1000L * random.nextInt(1_000_000));
        Files.setLastModifiedTime(path, time);
        return Files.getLastModifiedTime(path).equals(time) + "";
      }
      case READ -> {
        return Arrays.hashCode(Files.readAllBytes(path)) + "";
      }
      case READ_AT -> {
        try (FileChannel channel = FileChannel.open(path)) {
          ByteBuffer some = ByteBuffer.allocate(1 + random.nextInt(100));
          int count = channel.read(some, random.nextInt(60));
          return count + " " + Arrays.hashCode(some.array()) + " " + channel.size();
        }
      }
    }
    return "done";
  }

  private static CopyOption[] options(Random random, boolean copy) {
    List<CopyOption> options = new ArrayList<>();
    if (random.nextBoolean()) {
      options.add(StandardCopyOption.REPLACE_EXISTING);
    }
    if (copy && random.nextBoolean()) {
      options.add(LinkOption.NOFOLLOW_LINKS);
    }
    return options.toArray(new CopyOption[0]);
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
