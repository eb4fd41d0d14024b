package io.trc.nio;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * A URI of the form {@code trc:file:///data/notes!/path}: where the stored files are, then the
 * plain path, in which '!' is always escaped, so that the last "!/" is the border. The bytes of the
 * plain path are escaped as they are: URI's own methods would normalise them to other names.
 *
 * @param stored the URI of the directory or archive
 * @param path the plain path, absolute
 */
record TrcUri(URI stored, String path) {
  static final String SCHEME = "trc";
  private static final String BORDER = "!/";

  static URI of(Path stored, String path) {
    String store = stored.toUri().toString();
    // A directory's URI ends with a slash or not as the directory is there or not.
    String trimmed = store.endsWith("/") ? store.substring(0, store.length() - 1) : store;
    return URI.create(SCHEME + ":" + trimmed + "!" + Names.percentEncoded(path));
  }

  static TrcUri parse(URI uri) {
    if (!SCHEME.equalsIgnoreCase(uri.getScheme())) {
      throw new IllegalArgumentException("the scheme of " + uri + " is not trc");
    }
    String specific = uri.getRawSchemeSpecificPart();
    if (uri.getRawFragment() != null) {
      throw new IllegalArgumentException(uri + " has a fragment; escape # as %23");
    }
    if (specific.indexOf('?') >= 0) {
      throw new IllegalArgumentException(uri + " has a query; escape ? as %3F");
    }
    int border = specific.lastIndexOf(BORDER);
    String store = border < 0 ? specific : specific.substring(0, border);
    String raw = border < 0 ? "/" : specific.substring(border + 1);
    try {
      URI stored = new URI(store);
      if (stored.getScheme() == null) {
        throw new IllegalArgumentException(
            uri + " names no file system beneath, as in trc:file:///data/notes!/path");
      }
      return new TrcUri(stored, Names.percentDecoded(raw));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(uri + ": " + e.getMessage(), e);
    }
  }
}
