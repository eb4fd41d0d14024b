package io.trc.nio.conformance;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import de.pfabulist.lindwurm.niotest.tests.AllTests;
import de.pfabulist.lindwurm.niotest.tests.FSDescription;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import org.junit.BeforeClass;

/** niotest with the overlay over jimfs. */
public class OverJimfsTest extends AllTests {
  private static FSDescription description;

  /** JUnit's. */
  public OverJimfsTest() {
    super(description);
  }

  /** Opens the file systems. */
  @BeforeClass
  public static void describe() {
    FileSystem memory =
        Jimfs.newFileSystem(
            Configuration.unix().toBuilder()
                .setAttributeViews("basic", "owner", "posix", "unix")
                .build());
    description =
        Descriptions.overlay(name -> Files.createDirectory(memory.getPath("/" + name)))
            .unix()
            .noPermissionChecks()
            .next()
            .pathConstraints()
            .noMaxFilenameLength()
            .next()
            .bug("testFilenameTooLongBecauseUnicode")
            .bug("testAllGetAttributeMethodsDeliverSame")
            .done();
  }
}
