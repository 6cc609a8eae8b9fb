import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  createReadStream,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import { codeOf, isSystemError } from '@meridian/language/thrown.ts';
import { processStartTime } from '../bootstrap/process-lock.mjs';

/**
 * The folder that keeps engines by version: `$MERIDIAN_CACHE`, else below the user's cache folder
 * (XDG Base Directory Specification), else, for root, a system folder that others can read.
 */
export function cacheFolder(environment: Readonly<NodeJS.ProcessEnv> = process.env): string {
  const own = environment['MERIDIAN_CACHE'];
  if (own !== undefined && own !== '') return path.resolve(own);
  if (process.getuid?.() === 0) return '/var/cache/meridian';
  const xdg = environment['XDG_CACHE_HOME'];
  return path.join(
    xdg !== undefined && xdg !== '' ? xdg : path.join(homedir(), '.cache'),
    'meridian',
  );
}

/** Whether this user may put something into the cache: what root installed, others only read. */
export function isWritable(cache: string): boolean {
  return allows(cache, constants.W_OK);
}

/** Whether a file is there and may be executed. */
export function isExecutable(file: string): boolean {
  return allows(file, constants.X_OK);
}

function allows(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch (error) {
    if (codeOf(error) !== undefined) return false;
    throw error;
  }
}

/**
 * Makes a folder of the cache in one step: `build` fills a temporary folder beside it, which is
 * renamed only when all went well, so an interrupted build leaves nothing that looks finished. What
 * one left that was killed goes with the next attempt.
 */
export async function fillFolder(
  target: string,
  build: (temporary: string) => Promise<void>,
): Promise<void> {
  if (existsSync(target)) return;
  mkdirSync(path.dirname(target), { recursive: true, mode: 0o755 });
  removeLeftOvers(target);
  const temporary = mkdtempSync(`${target}.partial-${process.pid}-`);
  try {
    await build(temporary);
    // First the files reach the disk: a power cut may empty them, and the name would be believed.
    spawnSync('sync', ['-f', temporary]);
    moveInto(temporary, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Another process may have filled the same folder meanwhile; what is made by its name is alike. Source: rename(2). */
function moveInto(temporary: string, target: string): void {
  try {
    renameSync(temporary, target);
  } catch (error) {
    if (!isSystemError(error, 'ENOTEMPTY') && !isSystemError(error, 'EEXIST')) throw error;
  }
}

/** Removes what earlier attempts left whose processes live no more. */
function removeLeftOvers(target: string): void {
  const beginning = `${path.basename(target)}.partial-`;
  for (const name of readdirSync(path.dirname(target))) {
    if (!name.startsWith(beginning)) continue;
    const pid = /^(\d+)-/.exec(name.slice(beginning.length))?.[1];
    if (pid !== undefined && processStartTime(Number(pid)) !== undefined) continue;
    rmSync(path.join(path.dirname(target), name), { recursive: true, force: true });
  }
}

/** Points `link` at `target` atomically; leaves alone one that does already. */
export function replaceLink(link: string, target: string): void {
  if (lstatSync(link, { throwIfNoEntry: false }) !== undefined && readlinkSync(link) === target)
    return;
  const draft = `${link}.${process.pid}`;
  rmSync(draft, { force: true });
  symlinkSync(target, draft);
  renameSync(draft, link);
}

/**
 * Holds a downloaded file against its pinned digest.
 *
 * @param expected `<algorithm>-<base64>` as in Subresource Integrity, or a SHA-256 in hex
 * @throws {CodedError} CHECKSUM_MISMATCH; the file is removed, so that the next run fetches it again
 */
export async function checkDigest(file: string, expected: string): Promise<void> {
  const [algorithm, digest, encoding] = expected.includes('-')
    ? [
        expected.slice(0, expected.indexOf('-')),
        expected.slice(expected.indexOf('-') + 1),
        'base64' as const,
      ]
    : ['sha256', expected, 'hex' as const];
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest(encoding);
  if (actual === digest) return;
  rmSync(file, { force: true });
  throw new CodedError(
    'CHECKSUM_MISMATCH',
    `File '${path.basename(file)}': ${algorithm} must be ${digest}, got ${actual}; the download was damaged or altered and has been removed. Run the command again; if it stays so, compare the pin in tools/engines/versions.ts.`,
  );
}
