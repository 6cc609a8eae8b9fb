import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** The three parts of a JWS in compact form. Source: RFC 7515 section 7.1. */
export interface CompactJws {
  readonly header: string;
  readonly payload: string;
  readonly signature: Buffer;
  /** What was signed: header and payload as they stand, never as they would be encoded again. */
  readonly signed: Buffer;
}

/** Ed25519 signatures have 64 bytes, 86 characters. Source: RFC 8032 section 5.1.6. */
const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})$/;

/** Splits a compact JWS; undefined unless there is exactly one way to write these bytes. */
export function splitJws(text: string): CompactJws | undefined {
  const match = COMPACT.exec(text);
  if (match === null) return undefined;
  const [, header = '', payload = '', last = ''] = match;
  const signature = decodeBase64url(last);
  if (signature === undefined) return undefined;
  const signed = Buffer.from(text.slice(0, header.length + 1 + payload.length), 'latin1');
  return { header, payload, signature, signed };
}

/** Signs a payload under a header that is encoded already. */
export function signJws(encodedHeader: string, payload: string, key: KeyObject): string {
  const signed = `${encodedHeader}.${Buffer.from(payload, 'utf8').toString('base64url')}`;
  // Ed25519 hashes by itself, so Node.js is given no digest.
  const signature = sign(null, Buffer.from(signed, 'latin1'), key);
  return `${signed}.${signature.toString('base64url')}`;
}

/** Whether an Ed25519 key made the signature. */
export function verifyJws(jws: CompactJws, publicKey: KeyObject): boolean {
  return verify(null, jws.signed, publicKey, jws.signature);
}

/**
 * Bytes from base64url without padding; undefined if the text is not what the bytes encode to, so
 * that no two texts are one value. Source: RFC 4648 section 3.5.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
