import { CodedError } from '@meridian/language/coded-error.ts';
import type { ProofFile } from '@meridian/verifier/proof-file.ts';
import type { VerifierKey } from '@meridian/verifier/signed-note.ts';
import { VerificationError } from '@meridian/verifier/verification-error.ts';
import { entriesAbout } from '../audit/ask.ts';
import type { Entry } from '../audit/entry.ts';
import { localTrail } from '../audit/local-trail.ts';
import { checkProof, proofsOf } from '../audit/proof.ts';
import { readPublished } from '../audit/published.ts';
import { rowOf } from './entry-row.ts';
import type { EventRow, Proof } from './row.ts';

/** Events of an order that the audit trail has, each with what became of its proof. */
export interface SealedEvents {
  readonly rows: readonly EventRow[];
  /** Why there are none, where the trail does not answer. */
  readonly trouble?: string;
}

/**
 * Reads what the audit trail has of an order, and checks the inclusion of each entry in the newest published
 * head. A trail that does not answer leaves the story without proofs.
 */
export async function sealedEvents(orderId: string): Promise<SealedEvents> {
  try {
    const entries = await entriesAbout(localTrail, orderId);
    const proofs = await proofsFor(entries);
    const rows = entries.flatMap((entry) => {
      const row = rowOf(entry);
      const proof = proofs.get(entry.index);
      return row === undefined ? [] : [proof === undefined ? row : { ...row, proof }];
    });
    return { rows };
  } catch (error) {
    if (error instanceof CodedError && error.code.startsWith('AUDIT_')) {
      return { rows: [], trouble: error.message };
    }
    throw error;
  }
}

/** By index; an entry that is newer than the newest head has none yet. */
async function proofsFor(entries: readonly Entry[]): Promise<ReadonlyMap<number, Proof>> {
  if (entries.length === 0) return new Map();
  const { keys } = await readPublished('none');
  const proofs = await proofsOf(
    localTrail,
    entries.map(({ index }) => index),
  );
  return checkedProofs(entries, proofs, keys);
}

/** What became of each proof, by index. */
export function checkedProofs(
  entries: readonly Pick<Entry, 'index' | 'archived' | 'leafHash'>[],
  proofs: readonly ProofFile[],
  keys: readonly VerifierKey[],
): ReadonlyMap<number, Proof> {
  // Of one whose data has moved the leaf cannot be shown, and its hash is proven.
  const archived = new Map(
    entries.flatMap(({ index, archived: is, leafHash }) =>
      is ? [[index, Buffer.from(leafHash, 'base64')] as const] : [],
    ),
  );
  return new Map(
    proofs.map((file): [number, Proof] => {
      try {
        const { size } = checkProof(file, keys, archived.get(file.index));
        return [file.index, { entry: file.index, treeSize: size }];
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error;
        return [file.index, { entry: file.index, problem: error.message }];
      }
    }),
  );
}
