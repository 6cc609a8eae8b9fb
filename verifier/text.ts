import type { VerificationCode } from './verification-error.ts';
import { VerificationError } from './verification-error.ts';

/** The most leaves of a tree that a JavaScript number counts without loss. */
const MOST_LEAVES = Number.MAX_SAFE_INTEGER;

/** Where a text that is read comes from, for messages. */
export interface Place {
  readonly code: VerificationCode;
  /** Such as "Checkpoint 'example.com/log'". */
  readonly thing: string;
}

/**
 * Reads base64 as RFC 4648 section 4 writes it, padded and without line breaks. A second spelling of the
 * same bytes (bits beyond the last byte) is refused: two texts of one signed note would pass for two notes.
 *
 * @throws {VerificationError} with the code of the place
 */
export function fromBase64(text: string, what: string, { code, thing }: Place): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') === text) return bytes;
  throw new VerificationError(
    code,
    `${thing}: ${what} must be padded base64, got '${shortened(text)}'; get it again from where it was published.`,
  );
}

/**
 * Reads a decimal without sign or leading zeros.
 *
 * @throws {VerificationError} with the code of the place, also beyond 2^53 - 1
 */
export function fromDecimal(text: string, what: string, { code, thing }: Place): number {
  const value = Number(text);
  if (/^(0|[1-9][0-9]{0,15})$/.test(text) && value <= MOST_LEAVES) return value;
  throw new VerificationError(
    code,
    `${thing}: ${what} must be a decimal from 0 to ${MOST_LEAVES} without leading zeros, got '${shortened(text)}'; get it again from where it was published.`,
  );
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads UTF-8 and keeps a byte order mark, which signatures cover as they do every byte.
 *
 * @throws {VerificationError} with the code of the place
 */
export function fromUtf8(bytes: Uint8Array, { code, thing }: Place): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new VerificationError(
      code,
      `${thing}: must be UTF-8, got bytes that are not; get it again from where it was published.`,
      { cause },
    );
  }
}

/** A text from outside, short and on one line, as a message may show it. */
export function shortened(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
  return line.length <= 80 ? line : `${line.slice(0, 77)}...`;
}
