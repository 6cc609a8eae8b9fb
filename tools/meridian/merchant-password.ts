import { randomBytes } from 'node:crypto';
import path from 'node:path';
import {
  ensureFolder,
  readIfThere,
  writeFileAtomic,
} from '@meridian/provider-local/agent/atomic-file.ts';

/** Random bytes of a password: 24 characters of the URL-safe base64 alphabet, which need no quoting. */
const PASSWORD_BYTES = 18;
const PASSWORD = /^[A-Za-z0-9_-]{24}$/;

/**
 * The file with the first merchant's password, which only its owner may read; made when there is
 * none or a torn one, which the account is then given (EnsureAccount), and kept when it is whole.
 */
export async function merchantPasswordFile(stateFolder: string): Promise<string> {
  const folder = path.join(stateFolder, 'credentials');
  const file = path.join(folder, 'merchant');
  await ensureFolder(folder);
  if (!PASSWORD.test((await readIfThere(file)) ?? '')) {
    await writeFileAtomic(file, randomBytes(PASSWORD_BYTES).toString('base64url'));
  }
  return file;
}
