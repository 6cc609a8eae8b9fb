import { HASH_BYTES } from './hashing.ts';
import type { TreeHead } from './proofs.ts';
import type { NoteSignature, VerifierKey } from './signed-note.ts';
import { openNote } from './signed-note.ts';
import type { Place } from './text.ts';
import { fromBase64, fromDecimal, shortened } from './text.ts';
import { VerificationError } from './verification-error.ts';

/** A tree head as its log wrote it (C2SP tlog-checkpoint). */
export interface Checkpoint extends TreeHead {
  /** The name of the log. */
  readonly origin: string;
  /** Opaque lines, which the log's signature covers. */
  readonly extensions: readonly string[];
}

/** A checkpoint that its log signed. */
export interface SignedCheckpoint extends Checkpoint {
  /** The log's own, and those of witnesses whose keys were given. */
  readonly signatures: readonly NoteSignature[];
}

/** Whom to believe about a log's heads. */
export interface CheckpointPolicy {
  /** The log's key, and those it had before; a key's name is the origin that it may sign. */
  readonly keys: readonly VerifierKey[];
  /** Keys of type cosignature/v1. */
  readonly witnesses?: readonly VerifierKey[];
  /** How many of the witnesses must have cosigned. @default all */
  readonly quorum?: number;
}

/**
 * Checks a checkpoint: signed by a key of the log whose name is its origin, and by enough witnesses.
 *
 * @throws {VerificationError} those of `openNote` and `parseCheckpoint`, ORIGIN_WRONG, COSIGNATURES_MISSING
 */
export function openCheckpoint(
  note: Uint8Array | string,
  { keys, witnesses = [], quorum = witnesses.length }: CheckpointPolicy,
): SignedCheckpoint {
  const { text, signatures } = openNote(note, [...keys, ...witnesses]);
  const checkpoint = parseCheckpoint(text);
  const thing = `Checkpoint '${shortened(checkpoint.origin)}'`;
  // A witness vouches that the log has not forked; that it is this log, only the log's key says.
  if (!signatures.some(({ key }) => keys.includes(key))) {
    const names = keys.map(({ name, id }) => `'${name}' (${id})`).join(' or ');
    throw new VerificationError(
      'UNSIGNED',
      `${thing}: must be signed by the log's key ${names}, got witnesses only; give the key that signed it, if you trust that one.`,
    );
  }
  const other = signatures.find(({ key }) => keys.includes(key) && key.name !== checkpoint.origin);
  if (other !== undefined) {
    throw new VerificationError(
      'ORIGIN_WRONG',
      `${thing}: the origin must be '${other.key.name}', the name of its key, got '${shortened(checkpoint.origin)}'; it is a head of another log.`,
    );
  }
  const cosigned = signatures.filter(({ key }) => witnesses.includes(key)).length;
  if (cosigned < quorum) {
    throw new VerificationError(
      'COSIGNATURES_MISSING',
      `${thing}: must have cosignatures of ${quorum} of the ${witnesses.length} witnesses, got ${cosigned}; take a head that they have seen.`,
    );
  }
  return { ...checkpoint, signatures };
}

/**
 * Reads the text of a checkpoint, with its last line break.
 *
 * @throws {VerificationError} CHECKPOINT_MALFORMED
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', size = '', root = '', ...extensions] = text.replace(/\n$/, '').split('\n');
  const place: Place = {
    code: 'CHECKPOINT_MALFORMED',
    thing: `Checkpoint '${shortened(origin)}'`,
  };
  if (origin === '' || !text.endsWith('\n') || extensions.includes('')) {
    throw new VerificationError(
      place.code,
      `${place.thing}: must have lines for origin, size and root and no empty one, got '${shortened(text)}'; get it again from where it was published.`,
    );
  }
  const bytes = fromBase64(root, 'the root hash', place);
  if (bytes.length !== HASH_BYTES) {
    throw new VerificationError(
      place.code,
      `${place.thing}: the root hash must have ${HASH_BYTES} bytes, got ${bytes.length}; get it again from where it was published.`,
    );
  }
  return { origin, size: fromDecimal(size, 'the size', place), root: bytes, extensions };
}
