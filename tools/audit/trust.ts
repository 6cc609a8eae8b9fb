import { CodedError } from '@meridian/language/coded-error.ts';
import { openCheckpoint } from '@meridian/verifier/checkpoint.ts';
import { parseVerifierKey } from '@meridian/verifier/signed-note.ts';
import { readGiven } from './proof.ts';
import type { Published } from './published.ts';

/**
 * The keys that somebody trusts: one, or those of a file that `audit keys` printed, as each replica has its own
 * and renews it.
 *
 * @throws {CodedError} AUDIT_FILE_UNREADABLE, AUDIT_REFUSED
 * @throws {VerificationError} if one is malformed
 */
export function trustedKeys(given: string): readonly string[] {
  const lines = A_KEY.test(given) ? [given] : readGiven(given).split('\n');
  const vkeys = lines.map((line) => line.trim()).filter((line) => line !== '');
  for (const vkey of vkeys) parseVerifierKey(vkey);
  if (vkeys.length > 0) return vkeys;
  throw refusal(
    `Keys in '${given}': must be a line each, as 'npm run --silent audit -- keys' prints them, got none; give another file`,
  );
}

/** Its name is that of its log (docs/audit.md, "Keys"). */
const A_KEY = /^[^+]+\/audit\/\d+\+/;

/**
 * Checks that a head which somebody kept is one of the log that is written now. A log before it has ended, and has
 * other entries at the same places.
 *
 * @throws {CodedError} AUDIT_REFUSED
 * @throws {VerificationError} if none of the keys signed it
 */
export function mustBeOfLog(
  note: string,
  vkeys: readonly string[],
  { log }: Pick<Published, 'log'>,
): void {
  const { origin } = openCheckpoint(note, { keys: vkeys.map(parseVerifierKey) });
  if (isOfLog(origin, log)) return;
  throw refusal(
    `Head that was kept: must be one of log ${log}, which is written now, got one of '${origin}'; that log has ended, and the first entry of log ${log} holds the last head of the one before it: compare them (docs/runbooks/audit-log-stopped.md)`,
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
