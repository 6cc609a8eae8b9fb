import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parsePins, PINS_FILE } from '../../stacks/pins.ts';
import type { Pin } from '../../stacks/pins.ts';
import { comparePins } from './compare-pins.ts';

/**
 * Writes digests that are known, beside all others that are recorded. Where they are recorded already the file stays as it is, to the
 * byte: a deployment of a folder with changed files is one of no revision.
 */
export function recordDigests(root: string, known: readonly Pin[]): void {
  const file = path.join(root, PINS_FILE);
  const recorded = parsePins(JSON.parse(readFileSync(file, 'utf8')));
  const isRecorded = (pin: Pin): boolean =>
    recorded.some(
      ({ kind, name, reference, digest }) =>
        kind === pin.kind &&
        name === pin.name &&
        reference === pin.reference &&
        digest === pin.digest,
    );
  if (known.every(isRecorded)) return;
  const others = recorded.filter(
    (pin) => !known.some(({ kind, reference }) => pin.kind === kind && pin.reference === reference),
  );
  const all = [...known, ...others].toSorted(comparePins);
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}
