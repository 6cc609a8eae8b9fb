import { openCheckpoint, VerificationError } from '@meridian/verifier/index.ts';
import type { SignedCheckpoint, VerifierKey } from '@meridian/verifier/index.ts';
import type { FindingLine } from './verdict.ts';

/** Published heads, as far as they are to be believed. */
export interface OpenedHeads {
  /** By the sizes that were signed, the largest last: what a file is called nobody signed. */
  readonly heads: readonly { readonly note: string; readonly head: SignedCheckpoint }[];
  /** Of those that no key signed as they are. */
  readonly unsigned: readonly FindingLine[];
}

/** Opens heads; one that was changed, even the newest, is a finding and keeps no other from being used. */
export function openHeads(notes: readonly string[], keys: readonly VerifierKey[]): OpenedHeads {
  const heads: { note: string; head: SignedCheckpoint }[] = [];
  const unsigned: FindingLine[] = [];
  for (const note of notes) {
    try {
      heads.push({ note, head: openCheckpoint(note, { keys }) });
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      unsigned.push({ kind: 'head', description: error.message });
    }
  }
  heads.sort((one, other) => one.head.size - other.head.size);
  return { heads, unsigned };
}
