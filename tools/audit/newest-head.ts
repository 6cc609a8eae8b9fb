import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { openCheckpoint } from '@meridian/verifier/checkpoint.ts';
import type { SignedCheckpoint } from '@meridian/verifier/checkpoint.ts';
import { parseVerifierKey } from '@meridian/verifier/signed-note.ts';
import type { VerifierKey } from '@meridian/verifier/signed-note.ts';
import { counted } from '../meridian/output/count-text.ts';
import type { Published } from './published.ts';
import { keysOfLog, policyOf } from './trust.ts';
import type { Witnesses } from './trust.ts';

/** A head with the text that it was read from. */
export interface NewestHead {
  readonly note: string;
  readonly head: SignedCheckpoint;
}

/** Of texts that are passed over so many are named: there may be millions. */
const NAMED_MAX = 5;

/**
 * The newest published head that a key of the log signed, under its own size; undefined while none is published.
 * Whoever may write where heads are published may put any text under a larger name: each is passed over, and named
 * on standard error.
 *
 * @throws {CodedError} AUDIT_REFUSED where there are only such
 * @throws {VerificationError} if too few witnesses have seen it
 */
export function newestHead(
  published: Pick<Published, 'vkeys' | 'heads' | 'log'>,
  witnesses: Witnesses = { witnesses: [], quorum: 0 },
): NewestHead | undefined {
  const { folder, largest } = published.heads;
  const keys = keysOfLog(published.vkeys, published).map(parseVerifierKey);
  const names = headsIn(folder).filter((name) => Number(name) <= largest);
  const problems: string[] = [];
  let count = 0;
  for (const name of names.sort().reverse()) {
    const file = path.join(folder, name);
    const read = signedIn(file, keys);
    if (typeof read !== 'string') {
      passOver(problems, count);
      return { note: read.note, head: openCheckpoint(read.note, policyOf(keys, witnesses)) };
    }
    count += 1;
    if (count <= NAMED_MAX) problems.push(`'${file}': ${read}`);
  }
  const [first] = problems;
  if (first === undefined) return undefined;
  throw new CodedError(
    'AUDIT_REFUSED',
    `Published heads: must have one that a key of log ${published.log} signed, got ${counted(count, 'other')}, the newest of which is ${first}`,
  );
}

/** The head in a file; what is wrong where there is none of the size that the file is named by. */
function signedIn(file: string, keys: readonly VerifierKey[]): NewestHead | string {
  try {
    const note = readFileSync(file, 'utf8');
    const head = openCheckpoint(note, { keys });
    if (head.size === Number(path.basename(file))) return { note, head };
    return `it is the head of ${counted(head.size, 'entry', 'entries')}`;
  } catch (error) {
    // Whatever somebody put there, such as a folder.
    return messageOf(error);
  }
}

function passOver(problems: readonly string[], count: number): void {
  for (const problem of problems) {
    process.stderr.write(`Passed over, as no head of the log is there: ${problem}\n`);
  }
  const left = count - problems.length;
  if (left > 0) process.stderr.write(`${counted(left, 'other')} too\n`);
}

/** The names of heads in a folder, each its size in 20 digits, in any order. */
export function headsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => /^0{5}\d{15}$/.test(name));
}
