import { readFileSync } from 'node:fs';
import path from 'node:path';
import { recordedPins } from '../../../stacks/pins.ts';
import { STACKS_OF_PODS } from '../../../stacks/stacks.ts';
import { baseImage } from '../../pins/base-image.ts';
import type { WantedPin } from '../../pins/look-up.ts';
import { DOCKERFILE, recordPins } from '../../pins/record-pins.ts';
import { wantedPins } from '../../pins/wanted-pins.ts';
import { clusterStack } from '../cluster-stack.ts';
import { printJson } from '../output/print-json.ts';
import { programFolder } from '../places.ts';

/** Options of `npm run pins`. */
export interface PinsOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/**
 * Looks up the digests of everything that a stack takes from registries and records them beside what is recorded for other stacks.
 * Fails while something is unresolved.
 *
 * @throws {CodedError} STACK_UNKNOWN, STACK_WITHOUT_CHARTS, SETTINGS_INVALID, GRAPH_INVALID,
 *   PINS_INVALID, DECLARED_FILE_MISSING, MIGRATIONS_MISNAMED, OBJECTS_INVALID
 */
export async function pins({ stack, json }: PinsOptions): Promise<number> {
  const { lowered } = await clusterStack(stack);
  const base = baseImage(readFileSync(path.join(programFolder, DOCKERFILE), 'utf8'));
  const wanted = wantedPins(base, lowered);
  const elsewhere: WantedPin[] = [];
  for (const other of STACKS_OF_PODS.filter((one) => one !== stack)) {
    elsewhere.push(...wantedPins(base, (await clusterStack(other)).lowered));
  }
  const recorded = recordedPins();
  const { results, text, unresolved } = await recordPins(
    programFolder,
    wanted,
    recorded,
    elsewhere,
  );
  if (json === true) {
    const found = results.map(({ pin, ...why }) => ({ ...pin, ...why }));
    printJson<'pins'>({ pins: found, unresolved });
  } else {
    process.stdout.write(`${text}\n`);
  }
  return unresolved === 0 ? 0 : 1;
}
