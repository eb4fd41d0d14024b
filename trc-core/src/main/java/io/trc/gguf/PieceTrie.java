package io.trc.gguf;

import java.util.Arrays;

/** Finds the longest of some byte strings that a text goes on with. Immutable once it is filled. */
final class PieceTrie {
  private final boolean[] starts = new boolean[256];
  private long[] edges = new long[64];
  private int[] targets = new int[64];
  private int[] tokens = {-1};
  private int nodes = 1;

  /** Adds a piece, which is not empty; the first of equal pieces stays. */
  void add(byte[] piece, int token) {
    starts[piece[0] & 0xFF] = true;
    int node = 0;
    for (byte b : piece) {
      node = child(node, b & 0xFF);
    }
    if (tokens[node] < 0) {
      tokens[node] = token;
    }
  }

  /** Whether any piece starts with this byte. */
  boolean starts(byte first) {
    return starts[first & 0xFF];
  }

  /** The token of the longest piece found from there on, or -1. */
  int longest(byte[] text, int from, int to) {
    int found = -1;
    int node = 0;
    for (int i = from; i < to; i++) {
      int slot = slot(edge(node, text[i] & 0xFF));
      if (edges[slot] == 0) {
        break;
      }
      node = targets[slot];
      if (tokens[node] >= 0) {
        found = tokens[node];
      }
    }
    return found;
  }

  private int child(int node, int value) {
    if (nodes * 2 > edges.length) {
      grow();
    }
    long edge = edge(node, value);
    int slot = slot(edge);
    if (edges[slot] == 0) {
      edges[slot] = edge;
      targets[slot] = nodes;
      if (nodes == tokens.length) {
        tokens = Arrays.copyOf(tokens, nodes * 2);
      }
      tokens[nodes++] = -1;
    }
    return targets[slot];
  }

  private void grow() {
    long[] oldEdges = edges;
    int[] oldTargets = targets;
    edges = new long[oldEdges.length * 2];
    targets = new int[oldEdges.length * 2];
    for (int i = 0; i < oldEdges.length; i++) {
      if (oldEdges[i] != 0) {
        int slot = slot(oldEdges[i]);
        edges[slot] = oldEdges[i];
        targets[slot] = oldTargets[i];
      }
    }
  }

  /** Never 0, which marks an empty slot. */
  private static long edge(int node, int value) {
    return ((long) node << 8 | value) + 1;
  }

  private int slot(long edge) {
    int slot = (int) ((edge * 0x9E3779B97F4A7C15L) >>> 32) & (edges.length - 1);
    while (edges[slot] != 0 && edges[slot] != edge) {
      slot = (slot + 1) & (edges.length - 1);
    }
    return slot;
  }
}
