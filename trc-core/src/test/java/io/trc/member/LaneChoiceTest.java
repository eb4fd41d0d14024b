package io.trc.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneChoiceTest {
  @Test
  void fewBlocksAreDecodedAlone() {
    LaneChoice choice = new LaneChoice(8);
    assertThat(choice.groups(1, 4)).containsExactly(1);
    assertThat(choice.groups(4, 4)).containsExactly(1, 1, 1, 1);
    assertThat(choice.groups(12, 4)).isEqualTo(Collections.nCopies(12, 1));
  }

  @Test
  void oneGroupTriesLanes() {
    assertThat(new LaneChoice(8).groups(8, 2)).containsExactly(4, 1, 1, 1, 1);
    assertThat(new LaneChoice(8).groups(20, 2)).startsWith(8, 1, 1).hasSize(13);
    assertThat(new LaneChoice(8).groups(6, 1)).containsExactly(6);
  }

  @Test
  void theQuickerWayIsKept() {
    LaneChoice choice = new LaneChoice(8);
    choice.measured(1, 1000, 1000);
    choice.measured(8, 8000, 5000);
    assertThat(choice.groups(20, 2)).containsExactly(8, 8, 4);
    assertThat(choice.groups(5, 2)).containsExactly(3, 2);
    choice.measured(8, 8000, 80_000);
    choice.measured(8, 8000, 80_000);
    assertThat(choice.groups(5, 2)).containsExactly(1, 1, 1, 1, 1);
  }

  @Test
  void withoutMemoryForLanesThereAreNone() {
    LaneChoice choice = new LaneChoice(1);
    choice.measured(1, 1, 1000);
    assertThat(choice.groups(3, 1)).isEqualTo(List.of(1, 1, 1));
  }
}
