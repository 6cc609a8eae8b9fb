import { KAFKA_BINDING } from '@meridian/language/bindings.ts';
import { signingFolder, BINDINGS_FOLDER } from '@meridian/language/process-folder.ts';
import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';
import { KAFKA_IDENTITY_FOLDER } from '../../kafka/kafka-binding.ts';
import { POSTGRES_IDENTITY_FOLDER } from '../../postgres/postgres-binding.ts';
import { REDIS_IDENTITY_FOLDER } from '../../redis/redis-binding.ts';
import { SEARCH_IDENTITY_FOLDER } from '../../search/search-binding.ts';
import { enginesOf } from './network-peers.ts';

/** A Secret that a pod mounts; what makes it is the landing of the engine or of the certificates. */
export interface MountedSecret {
  readonly secret: string;
  /** Relative to the working folder of the process. */
  readonly folder: string;
}

/**
 * The Secrets of a service: a binding for each store and for Kafka, a client certificate for each
 * engine that knows its clients by one, and the keys that it signs with.
 */
export function mountedSecrets(
  graph: PlatformGraph,
  service: ServiceNode,
): readonly MountedSecret[] {
  const engines = enginesOf(graph, service);
  const identities = [
    ...(engines.includes('postgres') ? [POSTGRES_IDENTITY_FOLDER] : []),
    ...(engines.includes('redis') ? [REDIS_IDENTITY_FOLDER] : []),
    ...(engines.includes('kafka') ? [KAFKA_IDENTITY_FOLDER] : []),
    ...(engines.includes('elasticsearch') ? [SEARCH_IDENTITY_FOLDER] : []),
    ...service.signs.map(signingFolder),
  ];
  return [
    // Bindings of stores differ from each other in the whole platform, that of Kafka is every user's.
    ...service.stores.map(({ binding }) => ({
      secret: `${binding}-binding`,
      folder: `${BINDINGS_FOLDER}/${binding}`,
    })),
    ...(engines.includes('kafka')
      ? [
          {
            secret: `${service.name}-${KAFKA_BINDING}-binding`,
            folder: `${BINDINGS_FOLDER}/${KAFKA_BINDING}`,
          },
        ]
      : []),
    ...identities.map((folder) => ({ secret: `${service.name}-${folder}`, folder })),
  ];
}
