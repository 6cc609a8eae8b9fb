package meridian.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** A broker in one JVM: formats its storage at the first start, then runs. */
public final class Broker {
  private Broker() {}

  /** Arguments: the configuration file, the cluster id, the storage folder that the file names. */
  public static void main(String[] arguments) {
    String configuration = arguments[0];
    String clusterId = arguments[1];
    // Kafka writes this file last, so a format that was interrupted is done again.
    if (!Files.exists(Path.of(arguments[2], "meta.properties"))) {
      String[] format = {"format", "--cluster-id=" + clusterId, "--config", configuration};
      int code = StorageTool.execute(format, System.out);
      if (code != 0) System.exit(code);
    }
    Kafka.main(new String[] {configuration});
  }
}
