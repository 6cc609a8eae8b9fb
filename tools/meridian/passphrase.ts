import { randomBytes } from 'node:crypto';
import { readIfThere, writeFileAtomic } from '@meridian/provider-local/agent/atomic-file.ts';

const BYTES = 32;
/** What so many bytes are in base64url. */
const WHOLE = /^[A-Za-z0-9_-]{43}$/;

/** Whether a file holds a passphrase: not one that is missing, and not one that was cut short. */
export async function holdsPassphrase(file: string): Promise<boolean> {
  return WHOLE.test((await readIfThere(file)) ?? '');
}

/** Writes a passphrase into a file that holds none. */
export async function ensurePassphrase(file: string): Promise<void> {
  if (await holdsPassphrase(file)) return;
  await writeFileAtomic(file, randomBytes(BYTES).toString('base64url'));
}
