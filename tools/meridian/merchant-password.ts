import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Random bytes of a password: 24 characters of the URL-safe base64 alphabet, which need no quoting. */
const PASSWORD_BYTES = 18;

/**
 * The file with the first merchant's password, which only its owner may read; made when there is
 * none, kept when there is.
 */
export function merchantPasswordFile(stateFolder: string): string {
  const folder = path.join(stateFolder, 'credentials');
  const file = path.join(folder, 'merchant');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    // 'wx' is O_CREAT | O_EXCL: nobody's file is written to, not even through a link.
    writeFileSync(file, randomBytes(PASSWORD_BYTES).toString('base64url'), {
      flag: 'wx',
      mode: 0o600,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return file;
}
