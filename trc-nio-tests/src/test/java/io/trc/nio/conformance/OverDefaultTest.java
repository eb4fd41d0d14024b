package io.trc.nio.conformance;

import de.pfabulist.lindwurm.niotest.tests.AllTests;
import de.pfabulist.lindwurm.niotest.tests.FSDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.rules.TemporaryFolder;

/** niotest with the overlay over the default file system. */
public class OverDefaultTest extends AllTests {
  /** The folder of this run. */
  @ClassRule public static final TemporaryFolder FOLDER = new TemporaryFolder();

  private static FSDescription description;

  /** JUnit's. */
  public OverDefaultTest() {
    super(description);
  }

  /** Opens the file systems. */
  @BeforeClass
  public static void describe() {
    Path root = FOLDER.getRoot().toPath();
    description =
        Descriptions.overlay(name -> Files.createDirectory(root.resolve(name)))
            .basicAttributes()
            .noCreationTime()
            .next()
            .bug("testDifferentOwnerCanNotWrite", System.getProperty("user.name").equals("root"))
            .done();
  }
}
