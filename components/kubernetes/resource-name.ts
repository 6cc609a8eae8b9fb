import type { Manifest } from './manifest.ts';

/** What tells an object from every other of the cluster, such as 'kafka-data-meridian'. */
export function resourceName({ kind, metadata: { namespace, name } }: Manifest): string {
  return [kind.toLowerCase(), ...(namespace === undefined ? [] : [namespace]), name].join('-');
}
