import { BINDINGS_FOLDER, signingFolder } from '@meridian/language/process-folder.ts';
import type { EngineUse } from '../../kubernetes/engine.ts';
import type { ServiceNode } from '../../model/graph.ts';

/** A Secret that a pod mounts; what makes it is the landing of the engine or of the certificates. */
export interface MountedSecret {
  readonly secret: string;
  /** Relative to the working folder of the process. */
  readonly folder: string;
}

/**
 * The Secrets of a service: what it is bound to, a client certificate for each engine, and the keys
 * that it signs with.
 */
export function mountedSecrets(
  { name, signs }: Pick<ServiceNode, 'name' | 'signs'>,
  uses: readonly EngineUse[],
): readonly MountedSecret[] {
  const bindings = uses.flatMap((use) => Object.entries(use.bindings));
  const identities = [
    ...uses.flatMap(({ identityFolder }) => identityFolder ?? []),
    ...signs.map(signingFolder),
  ];
  return [
    ...bindings.map(([folder, secret]) => ({ secret, folder: `${BINDINGS_FOLDER}/${folder}` })),
    ...identities.map((folder) => ({ secret: `${name}-${folder}`, folder })),
    ...uses
      .flatMap(({ secrets = {} }) => Object.entries(secrets))
      .map(([folder, secret]) => ({ secret, folder })),
  ];
}
