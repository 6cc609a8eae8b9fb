import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * 'sha256:' and 64 hexadecimal digits: SHA-256 over the JSON Canonicalization Scheme of a value, so equal for equal values
 * whatever the order of their keys. Source: RFC 8785. Throws Error for what JSON does not know, such as NaN.
 */
export function canonicalDigest(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('Nothing has no canonical form');
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
}
