import { FieldViolations } from '@meridian/kit/rpc/field-violations.ts';
import { invalidArgument } from '@meridian/kit/rpc/invalid-argument.ts';
import type { RevocationCursor } from './revocation-store.ts';
import { isIdentifier } from './identifier.ts';

const EPOCH_BYTES = 16;
const CURSOR_BYTES = EPOCH_BYTES + 8;

/** A cursor as a client keeps it. */
export function encodeCursor({ epoch, position }: RevocationCursor): string {
  const bytes = Buffer.alloc(CURSOR_BYTES);
  bytes.write(epoch.replaceAll('-', ''), 'hex');
  bytes.writeBigInt64BE(position, EPOCH_BYTES);
  return bytes.toString('base64url');
}

/** The cursor of a request, which begins without one. Throws INVALID_ARGUMENT. */
export function readCursor(text: string): RevocationCursor | undefined {
  if (text === '') return undefined;
  const cursor = decodeCursor(text);
  if (cursor !== undefined) return cursor;
  const violations = new FieldViolations();
  violations.add('after_cursor', 'must be the cursor of a previous answer, or empty');
  throw invalidArgument(violations);
}

/** The cursor in a text; undefined if encodeCursor did not make it. */
function decodeCursor(text: string): RevocationCursor | undefined {
  const bytes = Buffer.from(text, 'base64url');
  // Decoding skips what is not base64url; comparing the way back refuses such spellings.
  if (bytes.length !== CURSOR_BYTES || bytes.toString('base64url') !== text) return undefined;
  const epoch = bytes
    .toString('hex', 0, EPOCH_BYTES)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const position = bytes.readBigInt64BE(EPOCH_BYTES);
  return isIdentifier(epoch) && position >= 0n ? { epoch, position } : undefined;
}
