import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** A folder of the user's cache, made if it is not there (XDG Base Directory Specification). */
export function cacheHome(name: string): string {
  const given = process.env['XDG_CACHE_HOME'];
  const home = given === undefined || given === '' ? path.join(homedir(), '.cache') : given;
  const folder = path.join(home, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
