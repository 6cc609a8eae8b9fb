import type { Finding } from '../finding.ts';
import { lineOf } from './changed-tree.ts';

/** Where packages of others are named with their digests. */
export const LOCKFILE = 'package-lock.json';

/** How many packages are told one by one. */
const SHOWN = 20;
const OF_LOCKFILE = { kind: 'lockfile-changed', among: 'packages' } as const;

function placeOf(text: string, place: string) {
  return { at: { file: LOCKFILE, line: lineOf(text, `"${place}": {`) } };
}

/** A package as npm locks it. Source: npm 11, "package-lock.json", `packages`. */
interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly link?: boolean;
}

/** Packages that a change of the lockfile adds, takes away or has otherwise, by their places. */
export function lockfileFindings(before: string, after: string): readonly Finding[] {
  const [was, is] = [packagesIn(before), packagesIn(after)];
  if (was === undefined || is === undefined) {
    return [
      {
        ...OF_LOCKFILE,
        ...placeOf('', ''),
        subject: LOCKFILE,
        consequence: 'it cannot be read as a lockfile',
      },
    ];
  }
  const places = [...new Set([...was.keys(), ...is.keys()])].toSorted();
  const found = places.flatMap((place) =>
    changeOf(place, was.get(place), is.get(place)).map((finding) => ({
      ...finding,
      ...placeOf(is.has(place) ? after : before, place),
    })),
  );
  const more = found.length - SHOWN;
  return [
    ...found.slice(0, SHOWN),
    ...(more > 0
      ? [
          {
            ...OF_LOCKFILE,
            subject: `${more} packages more`,
            consequence: 'code of others changes',
          },
        ]
      : []),
  ];
}

function packagesIn(text: string): ReadonlyMap<string, LockedPackage> | undefined {
  try {
    const { packages = {} } = JSON.parse(text) as {
      readonly packages?: Readonly<Record<string, LockedPackage>>;
    };
    return new Map(
      Object.entries(packages).filter(([place, { link }]) => place !== '' && link !== true),
    );
  } catch {
    // Half of a merge, or no JSON: told as such.
    return undefined;
  }
}

function changeOf(
  place: string,
  was: LockedPackage | undefined,
  is: LockedPackage | undefined,
): readonly Finding[] {
  const [before, after] = [was?.version ?? 'none', is?.version ?? 'none'];
  const isOther = was?.integrity !== is?.integrity || was?.resolved !== is?.resolved;
  if (before === after && !isOther) return [];
  const runs = is?.hasInstallScript === true && was?.hasInstallScript !== true;
  return [
    {
      ...OF_LOCKFILE,
      subject: place.replace(/^.*node_modules\//, ''),
      before,
      after,
      consequence:
        before === after
          ? 'the same version has other bytes, or another place'
          : `code of others changes${runs ? ', and it brings an install script' : ''}`,
    },
  ];
}
