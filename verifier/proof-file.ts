import type { CheckpointPolicy, SignedCheckpoint } from './checkpoint.ts';
import { openCheckpoint } from './checkpoint.ts';
import { HASH_BYTES, hashLeaf, hashText } from './hashing.ts';
import type { InclusionProof } from './proofs.ts';
import { verifyInclusion } from './proofs.ts';
import type { Place } from './text.ts';
import { fromBase64, fromDecimal, fromUtf8, shortened } from './text.ts';
import { VerificationError } from './verification-error.ts';

const VERSION = 'c2sp.org/tlog-proof@v1';

/** A path up a tree of 2^53 leaves has no more; more would be work for nothing. */
const MOST_HASHES = 64;

const PLACE: Place = { code: 'PROOF_MALFORMED', thing: 'Proof file' };

/** A proof that fits in a mail (C2SP tlog-proof). */
export interface ProofFile extends InclusionProof {
  /** In our files the leaf itself; by itself it proves nothing. */
  readonly extra: Uint8Array | undefined;
  /** The signed note, word for word. */
  readonly checkpoint: string;
}

/** What a proof file proves. */
export interface ProvenLeaf {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly checkpoint: SignedCheckpoint;
}

/** Writes a proof file; one that was read is written as it was. */
export function formatProofFile({ extra, index, path, checkpoint }: ProofFile): string {
  const lines = [
    VERSION,
    ...(extra === undefined ? [] : [`extra ${hashText(extra)}`]),
    `index ${index}`,
    ...path.map(hashText),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/**
 * Reads a proof file, without checking what it says.
 *
 * @throws {VerificationError} PROOF_MALFORMED
 */
export function parseProofFile(file: Uint8Array | string): ProofFile {
  const text = typeof file === 'string' ? file : fromUtf8(file, PLACE);
  const end = text.indexOf('\n\n');
  const [version, ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  if (version !== VERSION)
    throw malformed(`begin with ${VERSION}`, shortened(text.split('\n', 1)[0] ?? ''));
  const extra = lines[0]?.startsWith('extra ') ? lines.shift()?.slice('extra '.length) : undefined;
  const index = /^index (.*)$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined) throw malformed('have a line "index <number>"', 'none');
  if (lines.length > MOST_HASHES)
    throw malformed(`have at most ${MOST_HASHES} hashes`, `${lines.length}`);
  return {
    extra: extra === undefined ? undefined : fromBase64(extra, 'extra', PLACE),
    index: fromDecimal(index, 'index', PLACE),
    path: lines.map(hashOf),
    checkpoint: text.slice(end + 2),
  };
}

function hashOf(line: string): Uint8Array {
  const hash = fromBase64(line, 'a hash', PLACE);
  if (hash.length === HASH_BYTES) return hash;
  throw malformed(`have hashes of ${HASH_BYTES} bytes`, `one of ${hash.length}`);
}

/**
 * Checks a proof file: its checkpoint is signed, and the leaf in its `extra` line, or another that is given, is
 * in that tree at the index.
 *
 * @throws {VerificationError} those of `parseProofFile`, `openCheckpoint` and `verifyInclusion`
 */
export function checkProofFile(
  file: Uint8Array | string,
  policy: CheckpointPolicy,
  leaf?: Uint8Array,
): ProvenLeaf {
  const { extra, index, path, checkpoint: note } = parseProofFile(file);
  const proven = leaf ?? extra;
  if (proven === undefined) throw malformed('have the leaf in a line "extra <base64>"', 'none');
  const checkpoint = openCheckpoint(note, policy);
  verifyInclusion(hashLeaf(proven), { index, path }, checkpoint);
  return { leaf: proven, index, checkpoint };
}

function malformed(wanted: string, got: string): VerificationError {
  return new VerificationError(
    PLACE.code,
    `${PLACE.thing}: must ${wanted}, got ${got}; take the whole file as it was made.`,
  );
}
