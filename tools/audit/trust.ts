import { CodedError } from '@meridian/language/coded-error.ts';
import { openCheckpoint } from '@meridian/verifier/checkpoint.ts';
import type { CheckpointPolicy } from '@meridian/verifier/checkpoint.ts';
import { parseVerifierKey } from '@meridian/verifier/signed-note.ts';
import type { VerifierKey } from '@meridian/verifier/signed-note.ts';
import { readGiven } from './proof.ts';
import { unusable } from './reach.ts';
import type { Published } from './published.ts';

/**
 * The keys that somebody trusts: one, or those of a file that `audit keys` printed, as each replica has its own
 * and renews it.
 *
 * @throws {CodedError} AUDIT_FILE_UNREADABLE, AUDIT_REFUSED
 * @throws {VerificationError} if one is malformed
 */
export function trustedKeys(given: string): readonly string[] {
  return keysIn(given, 'ed25519', "as 'npm run --silent audit -- keys' prints them");
}

/** Witnesses that somebody asks for. */
export interface WitnessOptions {
  /** The key of a witness, or a file of them. */
  readonly witness?: string;
  /** How many of them are enough. @default all */
  readonly quorum?: number;
}

/** What a checkpoint policy says of witnesses, their keys as they were given. */
export interface Witnesses {
  readonly witnesses: readonly string[];
  readonly quorum: number;
}

/**
 * The witnesses that must have cosigned a head; none unless some are given.
 *
 * @throws {CodedError} AUDIT_FILE_UNREADABLE, AUDIT_REFUSED, AUDIT_OPTION_UNUSABLE
 * @throws {VerificationError} if a key is malformed
 */
export function witnessesOf({ witness, quorum }: WitnessOptions): Witnesses {
  const witnesses =
    witness === undefined ? [] : keysIn(witness, 'cosignature/v1', 'as the witnesses give them');
  const enough = quorum ?? witnesses.length;
  if (enough <= witnesses.length) return { witnesses, quorum: enough };
  throw unusable(
    '--quorum',
    `be at most ${witnesses.length}, the number of witnesses given`,
    `${enough}`,
    'give the keys of more witnesses with --witness',
  );
}

/** The same with keys that were read. */
export function policyOf(
  keys: readonly VerifierKey[],
  { witnesses, quorum }: Witnesses,
): CheckpointPolicy {
  return { keys, witnesses: witnesses.map(parseVerifierKey), quorum };
}

function keysIn(given: string, type: VerifierKey['type'], source: string): readonly string[] {
  const lines = A_KEY.test(given) ? [given] : readGiven(given).split('\n');
  const vkeys = lines.map((line) => line.trim()).filter((line) => line !== '');
  for (const vkey of vkeys) {
    const key = parseVerifierKey(vkey);
    if (key.type === type) continue;
    throw refusal(
      `Key '${key.name}' (${key.id}): must be one of type ${type}, got one of type ${key.type}; give keys of the log with --trust, and those of witnesses with --witness`,
    );
  }
  // A witness whose key is there twice counts once.
  if (vkeys.length > 0) return [...new Set(vkeys)];
  throw refusal(`Keys in '${given}': must be a line each, ${source}, got none; give another file`);
}

/** A name, the eight digits of its id, and so on (C2SP signed-note); a file may be called almost so. */
const A_KEY = /^[^+]+\+[0-9a-f]{8}\+|^[^+]+\/audit\/\d+\+/;

/**
 * The number of the log that a head which somebody kept is of: the one that is written now, or one before it.
 *
 * @throws {CodedError} AUDIT_REFUSED
 * @throws {VerificationError} if none of the keys signed it
 */
export function logOfKept(
  note: string,
  vkeys: readonly string[],
  { log }: Pick<Published, 'log'>,
): number {
  const { origin } = openCheckpoint(note, { keys: vkeys.map(parseVerifierKey) });
  const number = Number(/\/audit\/(\d{1,9})$/.exec(origin)?.[1] ?? Infinity);
  if (number <= log) return number;
  throw refusal(
    `Head that was kept: must be one of log ${log}, which is written now, or of one before it, got one of '${origin}'; give the newest that was published with --published`,
  );
}

/** The keys of one log: heads of another are none of it, whatever folder they lie in. */
export function keysOfLog(
  vkeys: readonly string[],
  { log }: Pick<Published, 'log'>,
): readonly string[] {
  return vkeys.filter((vkey) => isOfLog(parseVerifierKey(vkey).name, log));
}

function isOfLog(origin: string, log: number): boolean {
  return origin.endsWith(`/audit/${log}`);
}

function refusal(message: string): CodedError {
  return new CodedError('AUDIT_REFUSED', message);
}
