/**
 * Why something was refused; the README of this package says what each means and what to do.
 * `check` and `verify` end with 1 for each of them.
 */
export type VerificationCode =
  | 'CHECKPOINT_MALFORMED'
  | 'COSIGNATURES_MISSING'
  | 'INDEX_BEYOND_TREE'
  | 'KEY_MALFORMED'
  | 'LEAF_MALFORMED'
  | 'NOTE_MALFORMED'
  | 'ORIGIN_WRONG'
  | 'PROOF_MALFORMED'
  | 'PROOF_WRONG'
  | 'SIGNATURE_WRONG'
  | 'TILE_MALFORMED'
  | 'TREE_SHRUNK'
  | 'UNSIGNED';

/** What was given does not hold: the message names the thing, what it must be and what it is. */
export class VerificationError extends Error {
  override readonly name: string = 'VerificationError';
  readonly code: VerificationCode;

  constructor(code: VerificationCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
