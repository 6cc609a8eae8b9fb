import { readFileSync } from 'node:fs';
import type { ProofFile } from '@meridian/verifier/proof-file.ts';
import { checkProofFile } from '@meridian/verifier/proof-file.ts';
import { decodeLeaf } from '@meridian/verifier/leaf.ts';
import type { Leaf } from '@meridian/verifier/leaf.ts';
import { hashLeaf } from '@meridian/verifier/hashing.ts';
import { openCheckpoint } from '@meridian/verifier/checkpoint.ts';
import type { CheckpointPolicy, SignedCheckpoint } from '@meridian/verifier/checkpoint.ts';
import { verifyInclusion } from '@meridian/verifier/proofs.ts';
import type { VerifierKey } from '@meridian/verifier/signed-note.ts';
import { z } from 'zod';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError, messageOf } from '@meridian/language/thrown.ts';
import { pathGiven } from '../meridian/path-given.ts';
import type { Asked } from './ask.ts';

const bytes = z.base64().transform((text): Uint8Array => Buffer.from(text, 'base64'));

const proofs = z.object({
  note: z.string().nullable(),
  proofs: z.array(z.object({ index: z.coerce.number(), leaf: bytes, hashes: z.array(bytes) })),
});

/** The proofs of some entries, all against the newest head, checked by nobody yet; none while nothing is sealed. */
export async function proofsOf(
  trail: Asked,
  indexes: readonly number[],
): Promise<readonly ProofFile[]> {
  const { note, proofs: given } = proofs.parse(
    await trail.ask({ ask: 'proofs', indexes: indexes.map(String) }),
  );
  if (note === null) return [];
  return given.map(({ index, leaf, hashes }) => ({
    ...{ index, path: hashes, extra: leaf, checkpoint: note },
  }));
}

/**
 * Checks a proof against the head that stands in it; throws a VerificationError that says what is wrong.
 *
 * @param hash of the leaf, where the proof lacks that because its data has moved to an archive
 */
export function checkProof(
  { index, path: hashes, extra, checkpoint }: ProofFile,
  keys: readonly VerifierKey[],
  hash: Uint8Array = hashLeaf(extra ?? new Uint8Array()),
): SignedCheckpoint {
  const head = openCheckpoint(checkpoint, { keys });
  verifyInclusion(hash, { index, path: hashes }, head);
  return head;
}

/** What a proof file proves. */
export interface Proven {
  readonly leaf: Leaf;
  readonly index: number;
  readonly head: SignedCheckpoint;
}

/**
 * Checks a proof file.
 *
 * @throws {CodedError} AUDIT_FILE_UNREADABLE
 * @throws {VerificationError} if it proves nothing
 */
export function checkProofAt(file: string, policy: CheckpointPolicy): Proven {
  const { leaf, index, checkpoint } = checkProofFile(readGiven(file), policy);
  return { leaf: decodeLeaf(leaf), index, head: checkpoint };
}

const PRINTED = "that 'npm run --silent audit -- prove', 'head' or 'keys' wrote";

/** Called by root, this runs as the account that the platform has. */
const FOREIGN_ACCOUNT =
  ", as the account that this runs as may not read it: for example 'npm run audit -- check - < proof.txt'";

/**
 * The content of a file that somebody names, from where they are; `-` is standard input.
 *
 * @param such what the file has to be
 * @throws {CodedError} AUDIT_FILE_UNREADABLE
 */
export function readGiven(file: string, such = PRINTED): string {
  try {
    return readFileSync(file === '-' ? 0 : pathGiven(file), 'utf8');
  } catch (error) {
    throw new CodedError(
      'AUDIT_FILE_UNREADABLE',
      `File '${file}': must be one that can be read, got ${messageOf(error)}; name a file ${such}, or - for standard input${isSystemError(error, 'EACCES') ? FOREIGN_ACCOUNT : ''}`,
      { cause: error },
    );
  }
}
