package io.trc.models;

import io.trc.TrcModelMissingException;
import io.trc.files.UserFolders;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the model that an archive names by digest. */
public final class ModelFinder {
  /** What was found stays shared for as long as some stream uses it. */
  private static final Map<Long, WeakReference<Model>> FOUND = new HashMap<>();

  /** What brings the models that were released apart from this library. */
  private static final Map<Long, String> ARTIFACTS =
      Map.of(0xa7137ca9f5b2f393L, "io.trc:trc-model-base");

  private final List<Path> places;

  /** A finder in files and folders. */
  public ModelFinder(List<Path> places) {
    this.places = List.copyOf(places);
  }

  /** A finder in the files and folders of TRC_MODEL_PATH and in the user's model folder. */
  public static ModelFinder fromEnvironment() {
    List<Path> places = new ArrayList<>();
    String path = System.getenv("TRC_MODEL_PATH");
    if (path != null) {
      for (String place : path.split(File.pathSeparator, -1)) {
        if (!place.isBlank()) {
          add(places, place);
        }
      }
    }
    places.add(UserFolders.models());
    return new ModelFinder(places);
  }

  private static void add(List<Path> places, String place) {
    try {
      places.add(Path.of(place));
    } catch (InvalidPathException e) {
      System.getLogger("io.trc")
          .log(System.Logger.Level.WARNING, "TRC_MODEL_PATH names no path: " + place);
    }
  }

  /**
   * The model with this digest; its weights may not be loaded yet.
   *
   * @param preferred a model to look at first
   * @throws TrcModelMissingException if there is none
   */
  public Model find(long digest, Model preferred) throws IOException {
    if (preferred.digest() == digest) {
      return preferred;
    }
    for (Model embedded : Model.embedded()) {
      if (embedded.digest() == digest) {
        return embedded;
      }
    }
    Model known = shared(digest, null);
    if (known != null) {
      return known;
    }
    for (Path file : files()) {
      String sha256 = digestOf(file);
      if (sha256 != null && sha256.startsWith(hex(digest))) {
        Model model = Model.of(file);
        Model first = shared(digest, model);
        return first == null ? model : first;
      }
    }
    String artifact = ARTIFACTS.get(digest);
    throw new TrcModelMissingException(
        "the archive needs the model "
            + hex(digest)
            + " (the first digits of its file's SHA-256), which was not found; "
            + (artifact == null ? "" : "it comes with " + artifact + ": add that, or ")
            + "name the GGUF file with -m (TrcOptions.model), put it into "
            + UserFolders.models()
            + ", or name its folder in TRC_MODEL_PATH");
  }

  /** The model that is shared under a digest; if there is none, the given one is from now on. */
  private static @Nullable Model shared(long digest, @Nullable Model model) {
    synchronized (FOUND) {
      WeakReference<Model> reference = FOUND.get(digest);
      Model known = reference == null ? null : reference.get();
      if (known == null && model != null) {
        FOUND.put(digest, new WeakReference<>(model));
      }
      return known;
    }
  }

  /** The GGUF files in all places, in a steady order. */
  public List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Path place : places) {
      if (!Files.isDirectory(place)) {
        if (Files.isRegularFile(place)) {
          files.add(place);
        }
        continue;
      }
      List<Path> inside = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
        for (Path entry : entries) {
          String name = String.valueOf(entry.getFileName()).toLowerCase(Locale.ROOT);
          if (name.endsWith(".gguf") && Files.isRegularFile(entry)) {
            inside.add(entry);
          }
        }
      } catch (IOException e) {
        System.getLogger("io.trc")
            .log(System.Logger.Level.WARNING, "the model folder " + place + " cannot be read", e);
      }
      Collections.sort(inside);
      files.addAll(inside);
    }
    return files;
  }

  /** The SHA-256 of a file, 64 hexadecimal digits, or null if it cannot be read. */
  public static @Nullable String digestOf(Path file) {
    try {
      return ModelDigests.sha256(file);
    } catch (IOException e) {
      System.getLogger("io.trc")
          .log(System.Logger.Level.WARNING, "the model " + file + " cannot be read", e);
      return null;
    }
  }

  /** A digest as people see it. */
  public static String hex(long digest) {
    return String.format("%016x", digest);
  }
}
