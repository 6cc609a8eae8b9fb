import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const PREFIX = '{SSHA256}';
const SALT_BYTES = 8;
/** Of the salt in base64. */
const SALT_LENGTH = 12;

/**
 * A password as a file realm of Elasticsearch keeps it, salted SHA-256: a password of 256 random bits is
 * guessed no sooner for a slow hash, and a node takes one for each connection's first request.
 * Source: Elasticsearch 8.19, `Hasher.SSHA256`.
 */
export function hashPassword(password: string, salt: Buffer = randomBytes(SALT_BYTES)): string {
  const digest = createHash('sha256').update(password).update(salt).digest('base64');
  return `${PREFIX}${salt.toString('base64')}${digest}`;
}

/** Whether a hash that `hashPassword` made is that of the password. */
export function isHashOf(hash: string, password: string): boolean {
  if (!hash.startsWith(PREFIX)) return false;
  const salt = hash.slice(PREFIX.length, PREFIX.length + SALT_LENGTH);
  const again = Buffer.from(hashPassword(password, Buffer.from(salt, 'base64')));
  const given = Buffer.from(hash);
  return again.length === given.length && timingSafeEqual(again, given);
}
