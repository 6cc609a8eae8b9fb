/** Name of the binding of the cluster; there is one, whatever topics a service uses. */
export const KAFKA_BINDING = 'kafka';

/** Identity folder of a process towards Kafka; the common name is the principal. */
export const KAFKA_IDENTITY_FOLDER = 'kafka-tls';

/** Properties of a binding to Kafka, none of them secret; see docs/bindings.md. */
export function kafkaBinding(
  bootstrapServers: readonly string[],
): Readonly<Record<string, string>> {
  return {
    type: 'kafka',
    provider: 'meridian',
    'bootstrap-servers': bootstrapServers.join(','),
    'tls-folder': KAFKA_IDENTITY_FOLDER,
  };
}
