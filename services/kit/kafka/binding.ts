import { KAFKA_BINDING } from '@meridian/language/bindings.ts';
import type { Bindings } from '../bindings.ts';
import { readClientTls, saysNotWhoWeAre } from '../tls/client-tls.ts';
import type { ClientTlsFiles } from '../tls/client-tls.ts';

/** Where Kafka is, and who we are there. */
export interface KafkaBinding {
  /** host:port of some brokers; they name the others. */
  readonly bootstrapServers: readonly string[];
  /** A client certificate's common name is the principal. */
  readonly tls: ClientTlsFiles;
  /** Region in which our role of AWS says who we are. @default the certificate does */
  readonly iamRegion?: string;
}

/** Reads the binding of type 'kafka'; throws a CodedError that names the file. */
export function readKafkaBinding(bindings: Bindings, workingFolder: string): KafkaBinding {
  const binding = bindings.get(KAFKA_BINDING, 'kafka');
  const bootstrapServers = binding.property('bootstrap-servers').split(',');
  const tls = readClientTls(binding, workingFolder);
  if (binding.optionalProperty('mechanism') === undefined) {
    if (tls.tlsFolder === undefined)
      throw saysNotWhoWeAre(KAFKA_BINDING, 'tls-folder or mechanism');
    return { bootstrapServers, tls };
  }
  const iamRegion = binding.optionalProperty('region');
  if (iamRegion === undefined) throw saysNotWhoWeAre(KAFKA_BINDING, 'a region beside mechanism');
  return { bootstrapServers, tls, iamRegion };
}
