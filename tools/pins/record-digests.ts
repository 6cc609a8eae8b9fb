import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parsePins, PINS_FILE } from '../../stacks/pins.ts';
import type { Pin } from '../../stacks/pins.ts';
import { comparePins } from './compare-pins.ts';

/** Writes digests that are known, beside all others that are recorded. */
export function recordDigests(root: string, known: readonly Pin[]): void {
  const file = path.join(root, PINS_FILE);
  const recorded = parsePins(JSON.parse(readFileSync(file, 'utf8')));
  const others = recorded.filter(
    (pin) => !known.some(({ kind, reference }) => pin.kind === kind && pin.reference === reference),
  );
  const all = [...known, ...others].toSorted(comparePins);
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}
