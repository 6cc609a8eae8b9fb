import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RedisAdmin } from './admin-connection.ts';

/** A user as the server has it. */
export interface FoundUser {
  /** SHA-256 of all that it may do, as the server words it. */
  readonly rightsFingerprint: string;
  /** SHA-256 of each password that it may log in with. */
  readonly passwordFingerprints: readonly string[];
}

const replySchema = z.array(z.unknown()).nullable();
const passwordsSchema = z.array(z.string());

/** Makes the user be exactly this, in one step for whoever is connected, and keeps it over a restart. */
export async function ensureUser(
  admin: RedisAdmin,
  name: string,
  rules: readonly string[],
  passwordFingerprints: readonly string[],
): Promise<void> {
  const passwords = passwordFingerprints.map((fingerprint) => `#${fingerprint}`);
  await admin('ACL', 'SETUSER', name, 'reset', 'on', ...passwords, ...rules);
  await admin('ACL', 'SAVE');
}

/** The user as it is, or undefined. */
export async function findUser(admin: RedisAdmin, name: string): Promise<FoundUser | undefined> {
  const reply = replySchema.parse(await admin('ACL', 'GETUSER', name));
  if (reply === null) return undefined;
  const { passwords, ...rights } = Object.fromEntries(
    Array.from({ length: reply.length / 2 }, (_, index) => [
      String(reply[2 * index]),
      inOrder(reply[2 * index + 1]),
    ]),
  );
  return {
    rightsFingerprint: createHash('sha256').update(JSON.stringify(rights)).digest('hex'),
    passwordFingerprints: passwordsSchema.parse(passwords),
  };
}

/** Removes the user, if it is there, and ends its connections. */
export async function dropUser(admin: RedisAdmin, name: string): Promise<void> {
  await admin('ACL', 'DELUSER', name);
  await admin('ACL', 'SAVE');
}

/** The words of a description sorted: the server tells them in the order of its tables. */
function inOrder(value: unknown): unknown {
  return typeof value === 'string' ? value.split(' ').sort() : value;
}
