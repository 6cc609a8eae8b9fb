import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import { readOnly, S3Error, storageFull } from './s3-error.ts';

/** Whoever wants trouble writes a word into this file of the data folder; it is read at each request. */
export const TROUBLE_FILE = '.trouble';

/** How the stand-in misbehaves without being asked to, for load. */
export interface StoreBehaviour {
  /** How long it takes for every request, beside its work. */
  readonly latencyMs: number;
  /** How long what is `slow` takes. */
  readonly slowMs: number;
}

const DEFAULT_BEHAVIOUR: StoreBehaviour = { latencyMs: 0, slowMs: 3_000 };

/** The numbers of a configuration. Throws a CodedError. */
export function readBehaviour(given: Readonly<Record<string, number>>): StoreBehaviour {
  const known = Object.keys(DEFAULT_BEHAVIOUR);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length === 0) return { ...DEFAULT_BEHAVIOUR, ...given };
  throw new CodedError(
    'KIT_CONFIGURATION',
    `Behaviour of the stand-in: '${unknown.join("', '")}' must be one of ${known.join(', ')}`,
  );
}

/**
 * What the trouble file asks for: `unavailable` (503), `full` and `read-only` (of whatever writes), `slow`.
 * Throws S3Error.
 */
export async function makeTrouble(
  folder: string,
  writes: boolean,
  { latencyMs, slowMs }: StoreBehaviour,
): Promise<void> {
  const word = wordIn(join(folder, TROUBLE_FILE));
  const pauseMs = word === 'slow' ? slowMs : latencyMs;
  if (pauseMs > 0) await delay(pauseMs);
  if (word === 'unavailable') throw new S3Error(503, 'ServiceUnavailable', 'asked to be away');
  if (word === 'full' && writes) throw storageFull();
  if (word === 'read-only' && writes) throw readOnly();
}

function wordIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return '';
    throw error;
  }
}
