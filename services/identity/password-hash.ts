import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { normalisePassword } from './password-rules.ts';

const derive = promisify(argon2);

/** What a guess costs, as Argon2id has it. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** What a guess costs here. Source: OWASP Password Storage Cheat Sheet, Argon2id. */
export const PASSWORD_COST: PasswordCost = { memoryKib: 19_456, passes: 2, parallelism: 1 };

const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** Argon2 version 1.3 (RFC 9106) in the PHC string format. */
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** What stands in for the hash of an account that does not exist: as costly, and of no password. */
export function nobodysHash(cost: PasswordCost = PASSWORD_COST): string {
  return encode(Buffer.alloc(SALT_BYTES), Buffer.alloc(TAG_BYTES), cost);
}

/** Hashes a password with Argon2id and a salt of its own, into the PHC string format. */
export async function hashPassword(
  password: string,
  cost: PasswordCost = PASSWORD_COST,
): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return encode(salt, await deriveAtCost(password, salt, cost), cost);
}

/**
 * Makes 32 bytes of a password that cost as much to guess as its hash, the same for the same purpose; they
 * tell nothing of the hash, nor of what another purpose gets.
 */
export function stretchPassword(
  password: string,
  purpose: string,
  cost: PasswordCost = PASSWORD_COST,
): Promise<Buffer> {
  return deriveAtCost(password, createHash('sha256').update(purpose).digest(), cost);
}

function deriveAtCost(password: string, nonce: Buffer, cost: PasswordCost): Promise<Buffer> {
  const { memoryKib: memory, passes, parallelism } = cost;
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

/** Whether a hash is of a cost, with a salt and a tag as long as they are now. */
export function isCurrentHash(hash: string, cost: PasswordCost = PASSWORD_COST): boolean {
  return hash.startsWith(formOf(cost)) && hash.length === nobodysHash(cost).length;
}

function encode(salt: Buffer, tag: Buffer, cost: PasswordCost): string {
  return `${formOf(cost)}${withoutPadding(salt)}$${withoutPadding(tag)}`;
}

/** How every hash of a cost begins. */
function formOf({ memoryKib, passes, parallelism }: PasswordCost): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$`;
}

function withoutPadding(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
