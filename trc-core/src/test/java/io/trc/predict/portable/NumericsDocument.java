package io.trc.predict.portable;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tables and vectors of NUMERICS.md: blocks between fences, by what the first fence says. */
final class NumericsDocument {
  private static final String FENCE = "```";

  private final Map<String, List<List<String>>> blocks = new HashMap<>();

  /** Reads the page from the root of the project. */
  static NumericsDocument read() throws IOException {
    NumericsDocument page = new NumericsDocument();
    List<List<String>> block = null;
    for (String line : Files.readAllLines(Path.of("..", "NUMERICS.md"))) {
      if (!line.startsWith(FENCE)) {
        if (block != null) {
          block.add(List.of(line.strip().split("\\s+")));
        }
      } else if (block == null) {
        block = new ArrayList<>();
        String name = line.substring(FENCE.length());
        List<List<String>> before = page.blocks.put(name, block);
        assertThat(name.isEmpty() || before == null).as("one block named %s", name).isTrue();
      } else {
        block = null;
      }
    }
    return page;
  }

  /** The lines of a block, word by word. There must be some. */
  List<List<String>> lines(String name) {
    List<List<String>> lines = blocks.get(name);
    assertThat(lines).as("the block '%s' of NUMERICS.md", name).isNotNull().isNotEmpty();
    return lines;
  }

  /** All words of a block. */
  List<String> words(String name) {
    return lines(name).stream().flatMap(List::stream).toList();
  }
}
