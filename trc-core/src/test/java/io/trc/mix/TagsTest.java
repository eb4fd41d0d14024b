package io.trc.mix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TagsTest {
  private static int after(String text) {
    Tags tags = new Tags();
    int last = 0;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      tags.add(b & 0xff, last);
      last = b & 0xff;
    }
    assertThat(new Tags(tags).hash()).isEqualTo(tags.hash());
    return tags.hash();
  }

  @Test
  void anElementIsOpenUntilItsEnd() {
    int inRow = after("<table><row>");
    assertThat(after("<table><row id='7'>")).as("attributes do not count").isEqualTo(inRow);
    assertThat(after("<table><row>a<b>c</b>d")).isEqualTo(inRow);
    assertThat(after("<table><row></row>")).isEqualTo(after("<table>")).isNotEqualTo(inRow);
  }

  @Test
  void whatHasNoContentOpensNothing() {
    int outside = after("");
    assertThat(after("<br/>")).isEqualTo(outside);
    assertThat(after("<?xml version='1.0'?>")).isEqualTo(outside);
    assertThat(after("<!-- a note -->")).isEqualTo(outside);
    assertThat(after("</a></b></c>")).as("ends without a beginning").isEqualTo(outside);
  }

  @Test
  void theNameInATagCounts() {
    assertThat(after("<ro")).isNotEqualTo(after("<ra")).isNotEqualTo(after(""));
  }

  @Test
  void elementsDeeperThanAnyStackAreNoDanger() {
    assertThat(after("<a>".repeat(1000) + "</a>".repeat(999))).isNotEqualTo(after(""));
  }
}
