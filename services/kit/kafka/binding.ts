import { resolve } from 'node:path';
import type { Bindings } from '../bindings.ts';
import { KAFKA_BINDING } from '@meridian/language/bindings.ts';

/** Where Kafka is, and who we are there. */
export interface KafkaBinding {
  /** host:port of some brokers; they name the others. */
  readonly bootstrapServers: readonly string[];
  /** Folder of the client certificate, whose common name is the principal. */
  readonly tlsFolder: string;
  /** The same as the binding says it, for logs and metrics. */
  readonly tlsFolderName: string;
}

/** Reads the binding of type 'kafka'; throws a CodedError that names the file. */
export function readKafkaBinding(bindings: Bindings, workingFolder: string): KafkaBinding {
  const binding = bindings.get(KAFKA_BINDING, 'kafka');
  const tlsFolderName = binding.property('tls-folder');
  return {
    bootstrapServers: binding.property('bootstrap-servers').split(','),
    tlsFolder: resolve(workingFolder, tlsFolderName),
    tlsFolderName,
  };
}
