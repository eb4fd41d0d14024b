package io.trc.nio;

import java.io.IOException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Attributes by name: {@code "size"}, {@code "trc:size,ratio"}, {@code "posix:*"}. */
final class AttributeNames {
  private static final Map<String, Function<BasicFileAttributes, @Nullable Object>> BASIC =
      new LinkedHashMap<>();
  private static final Map<String, Function<TrcFileAttributes, Object>> OWN = new LinkedHashMap<>();
  private static final Set<String> TIMES =
      Set.of("lastModifiedTime", "lastAccessTime", "creationTime");

  static {
    BASIC.put("size", BasicFileAttributes::size);
    BASIC.put("lastModifiedTime", BasicFileAttributes::lastModifiedTime);
    BASIC.put("lastAccessTime", BasicFileAttributes::lastAccessTime);
    BASIC.put("creationTime", BasicFileAttributes::creationTime);
    BASIC.put("isRegularFile", BasicFileAttributes::isRegularFile);
    BASIC.put("isDirectory", BasicFileAttributes::isDirectory);
    BASIC.put("isSymbolicLink", BasicFileAttributes::isSymbolicLink);
    BASIC.put("isOther", BasicFileAttributes::isOther);
    BASIC.put("fileKey", BasicFileAttributes::fileKey);
    OWN.put("isCompressed", TrcFileAttributes::isCompressed);
    OWN.put("compressedSize", TrcFileAttributes::compressedSize);
    OWN.put("ratio", TrcFileAttributes::ratio);
  }

  private AttributeNames() {}

  /** Reads the attributes of the views basic and trc from the one, all others from the other. */
  static Map<String, Object> read(
      String names,
      Set<String> views,
      Failures.Step<? extends TrcFileAttributes> own,
      Failures.Step<Map<String, Object>> others)
      throws IOException {
    int colon = names.indexOf(':');
    String view = colon < 0 ? "basic" : names.substring(0, colon);
    if (!views.contains(view)) {
      throw new UnsupportedOperationException("the view " + view + " is not supported");
    }
    String list = names.substring(colon + 1);
    if (list.isEmpty()) {
      throw new IllegalArgumentException("no attribute is named in \"" + names + "\"");
    }
    if (!view.equals("basic") && !view.equals("trc")) {
      Map<String, Object> attributes = new LinkedHashMap<>(others.run());
      if (attributes.containsKey("size")) {
        attributes.put("size", own.run().size());
      }
      return attributes;
    }
    Map<String, Function<? super TrcFileAttributes, @Nullable Object>> known =
        new LinkedHashMap<>(BASIC);
    if (view.equals("trc")) {
      known.putAll(OWN);
    }
    return chosen(names, known, own);
  }

  private static <A> Map<String, Object> chosen(
      String names,
      Map<String, Function<? super A, @Nullable Object>> known,
      Failures.Step<? extends A> reading)
      throws IOException {
    int colon = names.indexOf(':');
    Set<String> wanted = new LinkedHashSet<>(List.of(names.substring(colon + 1).split(",", -1)));
    boolean all = wanted.remove("*");
    for (String name : wanted) {
      if (!known.containsKey(name)) {
        throw new IllegalArgumentException("unknown attribute " + name + " in \"" + names + "\"");
      }
    }
    A attributes = reading.run();
    Map<String, Object> values = new LinkedHashMap<>();
    known.forEach(
        (name, value) -> {
          if (all || wanted.contains(name)) {
            values.put(name, value.apply(attributes));
          }
        });
    return values;
  }

  /**
   * Reads the attributes of the views posix and owner.
   *
   * @param names with the view, as in {@code "posix:permissions,owner"}
   */
  static Map<String, Object> rights(
      String names, Failures.Step<? extends PosixFileAttributes> reading) throws IOException {
    Map<String, Function<? super PosixFileAttributes, @Nullable Object>> known =
        new LinkedHashMap<>();
    if (names.startsWith("posix:")) {
      known.putAll(BASIC);
      known.put("group", PosixFileAttributes::group);
      known.put("permissions", PosixFileAttributes::permissions);
    }
    known.put("owner", PosixFileAttributes::owner);
    return chosen(names, known, reading);
  }

  /** The name by which the file system beneath changes an attribute. */
  static String changeable(String name) {
    if (!name.startsWith("trc:")) {
      return name;
    }
    String own = name.substring("trc:".length());
    if (!TIMES.contains(own)) {
      throw new IllegalArgumentException(
          OWN.containsKey(own) || BASIC.containsKey(own)
              ? own + " cannot be set"
              : "unknown attribute " + own + " of the view trc");
    }
    return own;
  }
}
