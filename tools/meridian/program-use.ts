import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isSystemError } from '@meridian/provider-local/provider-error.ts';

/** What goes away while one looks, or is not for this user to see. */
const unseen = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'];

/** Whether any process runs from a folder: has it in its command line, as its program or its folder. */
export function isInUse(folder: string): boolean {
  const names = (text: string): boolean => text === folder || text.startsWith(`${folder}/`);
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .some((pid) => {
      const seen = [
        ...look(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).split('\0'),
        look(() => readlinkSync(`/proc/${pid}/cwd`)),
        look(() => readlinkSync(`/proc/${pid}/exe`)),
      ];
      return seen.some(names);
    });
}

function look(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (unseen.some((code) => isSystemError(error, code))) return '';
    throw error;
  }
}
