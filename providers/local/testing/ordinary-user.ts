import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A user that every Linux has; engines refuse to run as root. */
const NOBODY = 65534;

const runsAsRoot = process.getuid?.() === 0;

/** The command that runs `command` as an ordinary user: itself, unless the tests run as root. */
export function asOrdinaryUser(command: readonly string[]): readonly string[] {
  const user = String(NOBODY);
  return runsAsRoot
    ? ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--', ...command]
    : command;
}

/** A new folder of the ordinary user, with a short path: unix sockets lie in it. */
export function makeUserFolder(): string {
  const folder = mkdtempSync(join('/tmp', 'mt-'));
  giveToUser(folder);
  return folder;
}

/** Makes a file or folder the ordinary user's. */
export function giveToUser(path: string): void {
  if (runsAsRoot) {
    chownSync(path, NOBODY, NOBODY);
  }
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
