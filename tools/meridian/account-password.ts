import path from 'node:path';
import { ensureFolder } from '@meridian/provider-local/machine/atomic-file.ts';
import { ensureSecret } from './random-secret.ts';

/** Random bytes of a password, which has 24 characters. */
const PASSWORD_BYTES = 18;

/**
 * The file with the password of the account of a role, which only its owner may read; made when there is
 * none or a torn one, which the account is then given (EnsureAccount), and kept when it is whole.
 */
export async function accountPasswordFile(stateFolder: string, role: string): Promise<string> {
  const folder = path.join(stateFolder, 'credentials');
  const file = path.join(folder, role);
  await ensureFolder(folder);
  await ensureSecret(file, PASSWORD_BYTES);
  return file;
}
