import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ORIGIN_IDENTITY } from '@meridian/components/edge/local/envoy-secrets.ts';
import { BROKER_NAME } from '@meridian/components/kafka/broker-configuration.ts';
import { KAFKA_IDENTITY_FOLDER } from '@meridian/components/kafka/kafka-binding.ts';
import { sqlName } from '@meridian/components/model/grants.ts';
import { POSTGRES_IDENTITY_FOLDER } from '@meridian/components/postgres/postgres-binding.ts';
import { REDIS_IDENTITY_FOLDER } from '@meridian/components/redis/redis-binding.ts';
import { SEARCH_IDENTITY_FOLDER } from '@meridian/components/search/search-binding.ts';
import { EDGE_IDENTITY } from '@meridian/components/service/service-configuration.ts';
import { placeholdersOf } from '@meridian/provider-local/folders.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { IDENTITY_FOLDER } from '@meridian/language/process-folder.ts';
import type { Principal, TlsMaterial } from './attempt.ts';

/** The name of the engine that the brokers of all zones are. */
export const KAFKA = 'kafka';

/** A process of a zone, with the name in the graph that it runs under. */
export interface RunningProcess {
  readonly zone: string;
  readonly process: string;
  /** Service, task or engine. */
  readonly name: string;
}

/** The folders of certificates for engines, with the common name that a service has there. */
const ENGINE_IDENTITIES = [
  { engine: 'postgresql', folder: POSTGRES_IDENTITY_FOLDER, commonNameOf: sqlName },
  { engine: 'redis', folder: REDIS_IDENTITY_FOLDER, commonNameOf: (name: string) => name },
  { engine: 'kafka', folder: KAFKA_IDENTITY_FOLDER, commonNameOf: (name: string) => name },
  { engine: 'elasticsearch', folder: SEARCH_IDENTITY_FOLDER, commonNameOf: (name: string) => name },
] as const;

/** Name of a service's certificate for an engine, to tell it from the others that it has. */
export function enginePrincipal(
  service: string,
  engine: (typeof ENGINE_IDENTITIES)[number]['engine'],
): string {
  return `${service} (${engine})`;
}

/**
 * Everybody who has a certificate on this machine, and nobody. The keys are those of the running
 * processes, read from their folders: the matrix tries what a process that was taken over could.
 */
export function principalsOf(
  folders: Folders,
  processes: readonly RunningProcess[],
): readonly Principal[] {
  const first = [...Map.groupBy(processes, ({ name }) => name).values()].flatMap((replicas) =>
    replicas.slice(0, 1),
  );
  const found = first.flatMap(({ zone, process, name }): Principal[] => {
    const { self } = placeholdersOf(folders, zone, process);
    const peer = materialIn(path.join(self, name === 'envoy' ? ORIGIN_IDENTITY : IDENTITY_FOLDER));
    const engines = ENGINE_IDENTITIES.flatMap(({ engine, folder, commonNameOf }): Principal[] => {
      const tls = materialIn(path.join(self, folder));
      if (tls === undefined) return [];
      const commonName = commonNameOf(name);
      return [{ name: enginePrincipal(name, engine), holder: name, commonName, tls }];
    });
    if (peer === undefined) return engines;
    const known = name === KAFKA ? { commonName: BROKER_NAME } : {};
    const peerName = name === 'envoy' ? EDGE_IDENTITY : name;
    return [{ name: peerName, holder: name, ...known, tls: peer }, ...engines];
  });
  const ca = readFileSync(path.join(folders.state, 'pki/root.crt'));
  return [...found, { name: 'nobody', tls: { ca } }];
}

function materialIn(folder: string): TlsMaterial | undefined {
  if (!existsSync(folder)) return undefined;
  const read = (file: string): Buffer => readFileSync(path.join(folder, file));
  return { ca: read('ca.crt'), cert: read('tls.crt'), key: read('tls.key') };
}
