import { binding } from '@meridian/language/bindings.ts';

/** Identity folder of a process towards Kafka; the common name is the principal. */
export const KAFKA_IDENTITY_FOLDER = 'kafka-tls';

/** Properties of a binding to Kafka, none of them secret; see docs/bindings.md. */
export function kafkaBinding(
  bootstrapServers: readonly string[],
): Readonly<Record<string, string>> {
  return binding('kafka', {
    'bootstrap-servers': bootstrapServers.join(','),
    'tls-folder': KAFKA_IDENTITY_FOLDER,
  });
}
