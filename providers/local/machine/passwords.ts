import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureFolder, readIfThere, sweepTemporaries, writeFileAtomic } from './atomic-file.ts';

/** 256 bits: nobody guesses it, so a fast hash of it may be known to anybody. */
const PASSWORD_BYTES = 32;

/** A new password, 64 hexadecimal digits. */
export function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('hex');
}

/** The password's SHA-256 in hex, by which it is known where it is not kept; `ACL SETUSER … #<hash>` takes it. */
export function passwordFingerprint(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

/** The password in a file, or undefined when there is none, or not all of it. */
export async function readPassword(file: string): Promise<string | undefined> {
  const password = (await readIfThere(file))?.trim();
  return password?.length === 2 * PASSWORD_BYTES ? password : undefined;
}

/** Puts a password into a file that only its owner can read, in one step. */
export async function writePassword(file: string, password: string): Promise<void> {
  await ensureFolder(dirname(file));
  await sweepTemporaries(dirname(file));
  await writeFileAtomic(file, `${password}\n`, 0o600);
}

/** Removes a password's file, if it is there. */
export async function removePassword(file: string): Promise<void> {
  await rm(file, { force: true });
}
