package meridian.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * TLS from an identity folder (tls.key, tls.crt, ca.crt), which ssl.keystore.location names. The
 * folder is a link that its keeper swaps on renewal; each new connection looks where it points, so
 * that a renewed certificate is used at once, by listeners and by the broker's own connections
 * alike. Kafka itself reloads a key store only when an administrator asks, and for connections
 * between controllers not even then.
 */
public final class FolderSslEngineFactory implements SslEngineFactory {
  private Map<String, ?> configs = Map.of();
  private Path version;
  private DefaultSslEngineFactory current;

  @Override
  public synchronized void configure(Map<String, ?> given) {
    configs = given;
    try {
      version = folder().toRealPath();
      current = read(version);
    } catch (IOException cause) {
      throw new UncheckedIOException("Identity folder " + folder() + " cannot be read", cause);
    }
  }

  @Override
  public SSLEngine createClientSslEngine(String host, int port, String endpointIdentification) {
    return latest().createClientSslEngine(host, port, endpointIdentification);
  }

  @Override
  public SSLEngine createServerSslEngine(String host, int port) {
    return latest().createServerSslEngine(host, port);
  }

  @Override
  public boolean shouldBeRebuilt(Map<String, Object> next) {
    return !folder().toString().equals(next.get(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG));
  }

  @Override
  public Set<String> reconfigurableConfigs() {
    return Set.of();
  }

  @Override
  public KeyStore keystore() {
    return latest().keystore();
  }

  @Override
  public KeyStore truststore() {
    return latest().truststore();
  }

  @Override
  public synchronized void close() {
    if (current != null) current.close();
  }

  private synchronized DefaultSslEngineFactory latest() {
    try {
      Path now = folder().toRealPath();
      if (!now.equals(version)) {
        DefaultSslEngineFactory next = read(now);
        current.close();
        current = next;
        version = now;
      }
    } catch (IOException | RuntimeException cause) {
      // The link was swapped between two reads: the certificate in use is good for half its life yet.
      org.slf4j.LoggerFactory.getLogger(FolderSslEngineFactory.class)
          .warn("Identity folder {} cannot be read; keeping the certificate in use", folder(), cause);
    }
    return current;
  }

  private Path folder() {
    return Path.of((String) configs.get(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG));
  }

  private DefaultSslEngineFactory read(Path folder) throws IOException {
    Map<String, Object> pem = new HashMap<>(configs);
    pem.remove(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG);
    pem.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PEM");
    pem.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, text(folder, "tls.key"));
    pem.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, text(folder, "tls.crt"));
    pem.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
    pem.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, text(folder, "ca.crt"));
    DefaultSslEngineFactory factory = new DefaultSslEngineFactory();
    factory.configure(pem);
    return factory;
  }

  private static Password text(Path folder, String file) throws IOException {
    return new Password(Files.readString(folder.resolve(file)));
  }
}
