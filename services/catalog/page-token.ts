import { createHash } from 'node:crypto';
import { formatUuid, isProductId, parseUuid } from './product-id.ts';

/** A place in a walk over the catalogue: what is listed, and the last product seen. */
export interface PagePosition {
  /** Empty for all categories. */
  readonly category: string;
  readonly afterProductId: string;
}

/** Grows when the meaning of a token changes, so that an old one is refused, not misread. */
const TOKEN_FORMAT = 1;
const UUID_BYTES = 16;
const CHECKSUM_BYTES = 8;
const TOKEN_BYTES = 1 + UUID_BYTES + CHECKSUM_BYTES;

/**
 * An opaque token for a place in a walk (AIP-158): format, last id and a checksum over these and the
 * filter. The checksum is not a signature: whoever forges a token reaches only products that they can
 * list anyway, so a key shared by all replicas would protect nothing.
 */
export function encodePageToken(position: PagePosition): string {
  const body = Buffer.concat([Buffer.of(TOKEN_FORMAT), parseUuid(position.afterProductId)]);
  return Buffer.concat([body, checksum(body, position.category)]).toString('base64url');
}

/**
 * The last product seen by the walk that a token continues; undefined if the token was not made by
 * encodePageToken for this category.
 */
export function decodePageToken(token: string, category: string): string | undefined {
  const bytes = Buffer.from(token, 'base64url');
  // Decoding skips what is not base64url; comparing the way back refuses such spellings.
  if (bytes.length !== TOKEN_BYTES || bytes.toString('base64url') !== token) return undefined;
  const body = bytes.subarray(0, 1 + UUID_BYTES);
  if (body.readUInt8(0) !== TOKEN_FORMAT) return undefined;
  if (!checksum(body, category).equals(bytes.subarray(1 + UUID_BYTES))) return undefined;
  const productId = formatUuid(body.subarray(1));
  return isProductId(productId) ? productId : undefined;
}

function checksum(body: Buffer, category: string): Buffer {
  const hash = createHash('sha256').update('meridian catalog page token\0').update(body);
  return hash.update(category, 'utf8').digest().subarray(0, CHECKSUM_BYTES);
}
