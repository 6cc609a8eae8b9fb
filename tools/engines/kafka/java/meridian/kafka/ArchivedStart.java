package meridian.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A start of a broker by itself that ends once it has answered, so that the JVM can archive the classes of a start. */
public final class ArchivedStart {
  private ArchivedStart() {}

  /** Arguments: those of Broker, and where the broker listens for clients. */
  public static void main(String[] arguments) {
    new Thread(() -> System.exit(askOnce(arguments[3])), "ask-once").start();
    Broker.main(arguments);
  }

  private static int askOnce(String address) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
      NewTopic topic = new NewTopic("archived", 1, (short) 1);
      admin.createTopics(List.of(topic)).all().get(1, TimeUnit.MINUTES);
      return 0;
    } catch (Exception failure) {
      failure.printStackTrace();
      return 1;
    }
  }
}
