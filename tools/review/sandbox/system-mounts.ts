import { lstatSync, readlinkSync } from 'node:fs';
import type { Mount } from './sandbox-spec.ts';

/** A link that the root of a sandbox has. */
export interface RootLink {
  readonly target: string;
  readonly at: string;
}

/** Where programs and their libraries lie beside /usr, unless these are links into it (file-hierarchy(7)). */
const BESIDE_USR = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'] as const;

/** What any program needs to be started: the system's libraries, and nothing that a user or an administrator wrote. */
export function systemMounts(): {
  readonly mounts: readonly Mount[];
  readonly links: readonly RootLink[];
} {
  const found = BESIDE_USR.flatMap((at) => {
    const stat = lstatSync(at, { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ at, isLink: stat.isSymbolicLink() }];
  });
  return {
    mounts: [
      { from: '/usr', at: '/usr' },
      ...found.filter(({ isLink }) => !isLink).map(({ at }) => ({ from: at, at })),
    ],
    links: found.filter(({ isLink }) => isLink).map(({ at }) => ({ target: readlinkSync(at), at })),
  };
}
