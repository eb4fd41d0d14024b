package io.trc.predict.kernels;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Instructions by which the kernels compute the same bits, the quickest first. */
public enum KernelsPath {
  AVX512(3, "avx512"),
  AVXVNNI(2, "avxvnni"),
  AVX2(1, "avx2"),
  NEON(4, "neon");

  /** The system property that names the only path to use, for example {@code avx2}. */
  public static final String PROPERTY = "trc.kernels";

  private final int id;
  private final String label;

  KernelsPath(int id, String label) {
    this.id = id;
    this.label = label;
  }

  /** The number that stands for it in the library. */
  int id() {
    return id;
  }

  /** The name that people give and see. */
  public String label() {
    return label;
  }

  /** The paths that this machine has, the quickest first; none where there are no kernels. */
  public static List<KernelsPath> available() {
    List<KernelsPath> found = new ArrayList<>();
    for (KernelsPath path : values()) {
      if (KernelsLibrary.isAvailable() && KernelsApi.trc_has(path.id) == 1) {
        found.add(path);
      }
    }
    return found;
  }

  /** The quickest one that this machine has and {@link #PROPERTY} allows, or null. */
  public static @Nullable KernelsPath best() {
    String named = System.getProperty(PROPERTY, "");
    return available().stream()
        .filter(path -> named.isEmpty() || path.label.equals(named))
        .findFirst()
        .orElse(null);
  }
}
