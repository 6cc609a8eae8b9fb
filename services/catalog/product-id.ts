import { createHash } from 'node:crypto';
import { isUuid } from '@meridian/language/uuid.ts';

/** UUIDv5 namespace of product ids, drawn once at random; changing it would change every id. */
const PRODUCT_NAMESPACE = Buffer.from('6b0c1f5e8f0d4b1c9a8e3d7a52c4e961', 'hex');

/**
 * The id of the product with this SKU: a UUIDv5 (RFC 9562 section 5.5). A repeated import, or one on
 * a wiped database, gives a product its old id, so links to it keep working.
 */
export function productIdOf(sku: string): string {
  const digest = createHash('sha1').update(PRODUCT_NAMESPACE).update(sku, 'utf8').digest();
  const bytes = digest.subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return formatUuid(bytes);
}

/** Whether a text has the form of a product id; any other names no product. */
export function isProductId(text: string): boolean {
  return isUuid(text);
}

/** The text form of a UUID's 16 bytes. */
function formatUuid(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
