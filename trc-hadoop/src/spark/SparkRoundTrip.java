import java.util.HashSet;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Writes the lines of a text by Spark as .trc and reads them back by several tasks; see ../../spark. */
public final class SparkRoundTrip {
  private static final String CODEC = "io.trc.hadoop.TrcCodec";

  private SparkRoundTrip() {}

  /** The text, a folder for what is written, and the compressed bytes of a task. */
  public static void main(String[] arguments) throws Exception {
    String text = arguments[0];
    String folder = arguments[1];
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("trc")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.files.maxPartitionBytes", arguments[2])
            .getOrCreate()) {
      Dataset<Row> plain = spark.read().text(text);
      plain
          .coalesce(1)
          .write()
          .mode("overwrite")
          .option("compression", CODEC)
          .option("io.trc.level", "1")
          .option("io.trc.block.size", "4k")
          .text(folder + "/text");
      Dataset<Row> read = spark.read().text(folder + "/text");
      List<Row> lines = read.collectAsList();
      int partitions = read.rdd().getNumPartitions();
      check(lines.equals(plain.collectAsList()), "the lines differ");
      check(partitions >= 4, "only " + partitions + " partitions");
      System.out.println("text: " + lines.size() + " lines by " + partitions + " partitions");
      read.write()
          .mode("overwrite")
          .option("compression", CODEC)
          .option("io.trc.level", "1")
          .json(folder + "/json");
      List<Row> records = spark.read().json(folder + "/json").collectAsList();
      HashSet<Row> filled = new HashSet<>(lines);
      check(new HashSet<>(records).equals(filled), "the records differ");
      System.out.println("json: " + records.size() + " records");
    }
  }

  private static void check(boolean right, String otherwise) {
    if (!right) {
      throw new IllegalStateException(otherwise);
    }
  }
}
