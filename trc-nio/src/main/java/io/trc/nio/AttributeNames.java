package io.trc.nio;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Attributes by name: {@code "size"}, {@code "trc:size,ratio"}, {@code "posix:*"}. */
final class AttributeNames {
  private static final Map<String, Function<TrcFileAttributes, Object>> BASIC =
      new LinkedHashMap<>();
  private static final Map<String, Function<TrcFileAttributes, Object>> OWN = new LinkedHashMap<>();
  private static final Set<String> TIMES =
      Set.of("lastModifiedTime", "lastAccessTime", "creationTime");

  static {
    BASIC.put("size", TrcFileAttributes::size);
    BASIC.put("lastModifiedTime", TrcFileAttributes::lastModifiedTime);
    BASIC.put("lastAccessTime", TrcFileAttributes::lastAccessTime);
    BASIC.put("creationTime", TrcFileAttributes::creationTime);
    BASIC.put("isRegularFile", TrcFileAttributes::isRegularFile);
    BASIC.put("isDirectory", TrcFileAttributes::isDirectory);
    BASIC.put("isSymbolicLink", TrcFileAttributes::isSymbolicLink);
    BASIC.put("isOther", TrcFileAttributes::isOther);
    BASIC.put("fileKey", TrcFileAttributes::fileKey);
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
    Map<String, Function<TrcFileAttributes, Object>> known = new LinkedHashMap<>(BASIC);
    if (view.equals("trc")) {
      known.putAll(OWN);
    }
    Set<String> wanted = new java.util.LinkedHashSet<>(java.util.List.of(list.split(",", -1)));
    boolean all = wanted.contains("*");
    if (all) {
      wanted.remove("*");
    }
    for (String name : wanted) {
      if (!known.containsKey(name)) {
        throw new IllegalArgumentException("unknown attribute " + name + " of the view " + view);
      }
    }
    TrcFileAttributes attributes = own.run();
    Map<String, Object> values = new LinkedHashMap<>();
    known.forEach(
        (name, value) -> {
          if (all || wanted.contains(name)) {
            values.put(name, value.apply(attributes));
          }
        });
    return values;
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
