import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ORIGIN_IDENTITY } from '@meridian/components/edge/envoy-secrets.ts';
import { EDGE_IDENTITY } from '@meridian/components/service/local.ts';
import {
  IDENTITY_FOLDER,
  POSTGRES_IDENTITY_FOLDER,
} from '@meridian/components/service/service-files.ts';
import { placeholdersOf } from '@meridian/provider-local/folders.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { Principal, TlsMaterial } from './attempt.ts';

/** A process of a zone, with the name in the graph that it runs under. */
export interface RunningProcess {
  readonly zone: string;
  readonly process: string;
  /** Service, task or engine. */
  readonly name: string;
}

/** The name under which a service is known to engines, to tell its two certificates apart. */
export function enginePrincipal(service: string): string {
  return `${service} (engine)`;
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
    const engine = materialIn(path.join(self, POSTGRES_IDENTITY_FOLDER));
    return [
      ...(peer === undefined ? [] : [{ name: name === 'envoy' ? EDGE_IDENTITY : name, tls: peer }]),
      ...(engine === undefined ? [] : [{ name: enginePrincipal(name), tls: engine }]),
    ];
  });
  const ca = readFileSync(path.join(folders.state, 'pki/root.crt'));
  return [...found, { name: 'nobody', tls: { ca } }];
}

function materialIn(folder: string): TlsMaterial | undefined {
  if (!existsSync(folder)) return undefined;
  const read = (file: string): Buffer => readFileSync(path.join(folder, file));
  return { ca: read('ca.crt'), cert: read('tls.crt'), key: read('tls.key') };
}
