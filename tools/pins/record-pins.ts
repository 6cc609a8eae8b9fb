import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { archiveFile, CHARTS_FOLDER } from '@meridian/components/kubernetes/chart-archive.ts';
import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';
import { PINS_FILE } from '../../stacks/pins.ts';
import type { Pin } from '../../stacks/pins.ts';
import { withBaseDigest } from './base-image.ts';
import { comparePins } from './compare-pins.ts';
import { lookUp } from './look-up.ts';
import type { LookedUp, WantedPin } from './look-up.ts';
import { BASE_IMAGE } from './wanted-pins.ts';

/** Where the digest of the base image is used. */
export const DOCKERFILE = 'Dockerfile';

/** What a user is told about a run. */
export interface PinReport {
  readonly results: readonly LookedUp[];
  /** A line for each digest, then how many there are. */
  readonly text: string;
  readonly unresolved: number;
}

/**
 * Looks up everything that is wanted and writes it into a clone: all of it to the file of pins, the
 * base's digest to the Dockerfile as well, and the archives of charts to a folder of their own.
 *
 * @param elsewhere what other stacks take: what is recorded of it stays as it is
 */
export async function recordPins(
  root: string,
  wanted: readonly WantedPin[],
  recorded: readonly Pin[],
  elsewhere: readonly WantedPin[] = [],
): Promise<PinReport> {
  const results = await lookUp(wanted, recorded);
  const pins = results.map(({ pin }) => pin);
  const others = recorded.filter(
    (pin) => elsewhere.some((one) => isSame(one, pin)) && !wanted.some((one) => isSame(one, pin)),
  );
  keepArchives(root, results, others);
  const all = [...pins, ...others].toSorted(comparePins);
  writeFileSync(path.join(root, PINS_FILE), `${JSON.stringify(all, null, 2)}\n`);
  const base = pins.find(({ name }) => name === BASE_IMAGE)?.digest ?? UNRESOLVED;
  const dockerfile = path.join(root, DOCKERFILE);
  writeFileSync(dockerfile, withBaseDigest(readFileSync(dockerfile, 'utf8'), base));
  const unresolved = pins.filter(({ digest }) => digest === UNRESOLVED).length;
  const sum = `Recorded ${pins.length - unresolved} of ${pins.length} digests in ${PINS_FILE}`;
  return { results, text: [...results.map(lineOf), sum].join('\n'), unresolved };
}

function isSame(left: WantedPin, right: WantedPin): boolean {
  return left.kind === right.kind && left.reference === right.reference && left.name === right.name;
}

function lineOf({ pin, reason }: LookedUp): string {
  const { kind, name, reference, digest } = pin;
  const why = reason === undefined ? '' : ` (${reason})`;
  return `${kind} ${name} ${reference} ${digest}${why}`;
}

/** Keeps the archives of charts that were found, and removes those of charts that nobody wants any more. */
function keepArchives(root: string, results: readonly LookedUp[], others: readonly Pin[]): void {
  const folder = path.join(root, CHARTS_FOLDER);
  mkdirSync(folder, { recursive: true });
  for (const { pin, archive } of results) {
    if (archive !== undefined) writeFileSync(path.join(root, archiveFile(pin.reference)), archive);
  }
  const wanted = new Set(
    [...results.map(({ pin }) => pin), ...others].map(({ reference }) =>
      path.basename(archiveFile(reference)),
    ),
  );
  for (const file of readdirSync(folder)) {
    if (!wanted.has(file)) rmSync(path.join(folder, file));
  }
}
