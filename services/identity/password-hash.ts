import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { normalisePassword } from './password-rules.ts';

const derive = promisify(argon2);

/** What a guess costs. Source: OWASP Password Storage Cheat Sheet, Argon2id. */
export const PASSWORD_COST = { memoryKib: 19_456, passes: 2, parallelism: 1 } as const;

const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** Argon2 version 1.3 (RFC 9106) in the PHC string format. */
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** How every hash of PASSWORD_COST begins. */
const CURRENT_FORM = `$argon2id$v=19$m=${PASSWORD_COST.memoryKib},t=${PASSWORD_COST.passes},p=${PASSWORD_COST.parallelism}$`;

/** What stands in for the hash of an account that does not exist: as costly, and of no password. */
export const NOBODYS_HASH = encode(Buffer.alloc(SALT_BYTES), Buffer.alloc(TAG_BYTES));

/** Hashes a password with Argon2id and a salt of its own, into the PHC string format. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return encode(salt, await deriveAtCost(password, salt));
}

/**
 * Makes 32 bytes of a password that cost as much to guess as its hash, the same for the same purpose; they
 * tell nothing of the hash, nor of what another purpose gets.
 */
export function stretchPassword(password: string, purpose: string): Promise<Buffer> {
  return deriveAtCost(password, createHash('sha256').update(purpose).digest());
}

function deriveAtCost(password: string, nonce: Buffer): Promise<Buffer> {
  const { memoryKib: memory, passes, parallelism } = PASSWORD_COST;
  const message = normalisePassword(password);
  return derive('argon2id', { message, nonce, memory, passes, parallelism, tagLength: TAG_BYTES });
}

/** Whether a password is the one that was hashed, at the cost that the hash names. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(hash) ?? [];
  // Never with the text itself, which ends in the log.
  if (tag === '') throw new Error('A stored password hash is not an Argon2id string in PHC format');
  const expected = Buffer.from(tag, 'base64');
  const given = await derive('argon2id', {
    message: normalisePassword(password),
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  });
  return timingSafeEqual(given, expected);
}

/** Whether a hash is of PASSWORD_COST, with a salt and a tag as long as they are now. */
export function isCurrentHash(hash: string): boolean {
  return hash.startsWith(CURRENT_FORM) && hash.length === NOBODYS_HASH.length;
}

function encode(salt: Buffer, tag: Buffer): string {
  return `${CURRENT_FORM}${withoutPadding(salt)}$${withoutPadding(tag)}`;
}

function withoutPadding(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
