import { binding } from '@meridian/language/bindings.ts';

/** Identity folder of a process towards Kafka; the common name is the principal. */
export const KAFKA_IDENTITY_FOLDER = 'kafka-tls';

/** How brokers know who comes. */
export interface KafkaProof {
  /** Region in which a role of AWS says who comes. @default a certificate does */
  readonly iamRegion?: string;
}

/** Properties of a binding to Kafka, none of them secret; see docs/bindings.md. */
export function kafkaBinding(
  bootstrapServers: readonly string[],
  { iamRegion: region }: KafkaProof = {},
): Readonly<Record<string, string>> {
  return binding('kafka', {
    'bootstrap-servers': bootstrapServers.join(','),
    ...(region === undefined
      ? { 'tls-folder': KAFKA_IDENTITY_FOLDER }
      : { mechanism: 'iam', region }),
  });
}
