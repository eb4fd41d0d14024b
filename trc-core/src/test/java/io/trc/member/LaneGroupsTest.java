package io.trc.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

class LaneGroupsTest {
  @Test
  void threadsComeBeforeLanes() {
    assertThat(LaneGroups.sizes(1, 4, 8)).containsExactly(1);
    assertThat(LaneGroups.sizes(4, 4, 8)).containsExactly(1, 1, 1, 1);
    assertThat(LaneGroups.sizes(5, 2, 8)).containsExactly(3, 2);
    assertThat(LaneGroups.sizes(16, 2, 8)).containsExactly(8, 8);
  }

  @Test
  void noGroupHasMoreThanTheLanes() {
    assertThat(LaneGroups.sizes(20, 2, 8)).containsExactly(8, 8, 4);
    assertThat(LaneGroups.sizes(20, 1, 4)).containsExactly(4, 4, 4, 4, 4);
    assertThat(LaneGroups.sizes(12, 4, 1)).isEqualTo(Collections.nCopies(12, 1));
  }

  @Test
  void noBlocksAreNoGroups() {
    assertThat(LaneGroups.sizes(0, 2, 8)).isEmpty();
  }
}
