import { openCheckpoint, VerificationError } from '@meridian/verifier/index.ts';
import type { SignedCheckpoint, VerifierKey } from '@meridian/verifier/index.ts';
import type { GivenHead } from './trusted.ts';
import type { FindingLine } from './verdict.ts';

/** Published heads, as far as they are to be believed. */
export interface OpenedHeads {
  /** By the sizes that were signed, the largest last: what a file is called nobody signed. */
  readonly heads: readonly { readonly note: string; readonly head: SignedCheckpoint }[];
  /** About those that no key signed as they are, and those that were published under another size. */
  readonly findings: readonly FindingLine[];
}

/** Opens heads; one that was changed, even the newest, is a finding and keeps no other from being used. */
export function openHeads(given: readonly GivenHead[], keys: readonly VerifierKey[]): OpenedHeads {
  const heads: { note: string; head: SignedCheckpoint }[] = [];
  const findings: FindingLine[] = [];
  for (const { note, name } of given) {
    try {
      const head = openCheckpoint(note, { keys });
      heads.push({ note, head });
      if (name !== undefined && BigInt(name) !== BigInt(head.size)) {
        findings.push({
          kind: 'head',
          description: `heads/${name} holds the head of ${head.size} entries: somebody wrote it there under another size`,
        });
      }
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      findings.push({ kind: 'head', description: error.message });
    }
  }
  heads.sort((one, other) => one.head.size - other.head.size);
  return { heads, findings };
}
