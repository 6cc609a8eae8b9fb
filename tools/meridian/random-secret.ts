import { randomBytes } from 'node:crypto';
import { readIfThere, writeFileAtomic } from '@meridian/provider-local/machine/atomic-file.ts';

/** Whether a file holds a secret of so many bytes: not one that is missing, nor one that was cut short. */
export async function holdsSecret(file: string, bytes: number): Promise<boolean> {
  const text = (await readIfThere(file)) ?? '';
  // base64url without padding has four characters for each three bytes that are begun or whole.
  return /^[A-Za-z0-9_-]*$/.test(text) && text.length === Math.ceil((bytes * 4) / 3);
}

/** Writes a random secret in base64url, which needs no quoting, into a file that holds none. */
export async function ensureSecret(file: string, bytes: number): Promise<void> {
  if (await holdsSecret(file, bytes)) return;
  await writeFileAtomic(file, randomBytes(bytes).toString('base64url'));
}
