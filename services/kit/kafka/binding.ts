import { resolve } from 'node:path';
import type { Bindings } from '../bindings.ts';
import { CodedError } from '@meridian/language/coded-error.ts';

/** Name of the binding of every service that publishes or consumes. */
export const KAFKA_BINDING = 'kafka';

/** Where Kafka is, and who we are there. */
export interface KafkaBinding {
  /** host:port of some brokers; they name the others. */
  readonly bootstrapServers: readonly string[];
  /** Folder of the client certificate, whose common name is the principal. */
  readonly tlsFolder: string;
  /** The same as the binding says it, for logs and metrics. */
  readonly tlsFolderName: string;
}

const SERVER = /^[A-Za-z0-9.-]+:[0-9]{1,5}$/;

/** Reads the binding of type 'kafka'; throws a CodedError that names the file. */
export function readKafkaBinding(bindings: Bindings, workingFolder: string): KafkaBinding {
  const binding = bindings.get(KAFKA_BINDING, 'kafka');
  const bootstrapServers = binding.property('bootstrap-servers').split(',');
  const wrong = bootstrapServers.find((server) => !SERVER.test(server));
  if (wrong !== undefined) {
    throw new CodedError(
      'KIT_BINDING',
      `Binding '${KAFKA_BINDING}': bootstrap-servers must be host:port, comma separated, got '${wrong}'; set it in ${bindings.root}/${KAFKA_BINDING}/bootstrap-servers`,
    );
  }
  const tlsFolderName = binding.property('tls-folder');
  return { bootstrapServers, tlsFolder: resolve(workingFolder, tlsFolderName), tlsFolderName };
}
