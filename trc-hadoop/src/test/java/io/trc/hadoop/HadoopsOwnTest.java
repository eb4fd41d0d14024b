package io.trc.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.hadoop.mapred.TestTextInputFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;

/**
 * Hadoop's own test of splittable codecs, unchanged: it knows bzip2 alone, so this module's test
 * classes have a codec of that name, which is TRC's and stands before Hadoop's on the class path.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Hadoop writes files there by winutils only")
@Tag("slow")
class HadoopsOwnTest {
  @TempDir static Path folder;

  @BeforeEach
  void placeFiles() {
    System.setProperty("test.build.data", folder.toString());
  }

  @AfterEach
  void restore() {
    BZip2Codec.less = 0;
    System.clearProperty("test.build.data");
  }

  private static Result run(String method) {
    return new JUnitCore().run(Request.method(TestTextInputFormat.class, method));
  }

  @Test
  void passesWithThisCodec() {
    URI where = URI.create(BZip2Codec.class.getResource("BZip2Codec.class").toString());
    assertThat(where.getScheme()).as("where the class lies").isEqualTo("file");
    for (String method : new String[] {"testSplitableCodecs", "testSplitableCodecs2"}) {
      Result result = run(method);
      assertThat(result.getFailures()).as(method).isEmpty();
      assertThat(result.getRunCount()).isOne();
    }
  }

  /** A test that nothing fails shows nothing. */
  @Test
  void failsWithPositionsThatAreOneLess() {
    BZip2Codec.less = 1;
    Result result = run("testSplitableCodecs");
    assertThat(result.getFailures()).hasSize(1);
    assertThat(result.getFailures().get(0).getException()).isInstanceOf(AssertionError.class);
  }
}
