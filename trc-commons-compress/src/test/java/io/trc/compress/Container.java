package io.trc.compress;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a main class with a class path in a class loader of its own. */
final class Container {
  private Container() {}

  /** Takes the main class and the class path. */
  public static void main(String[] args) throws Exception {
    List<URL> places = new ArrayList<>();
    for (String place : args[1].split(File.pathSeparator, -1)) {
      places.add(Path.of(place).toUri().toURL());
    }
    try (URLClassLoader own =
        new URLClassLoader(places.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
      Class.forName(args[0], true, own)
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    }
  }
}
