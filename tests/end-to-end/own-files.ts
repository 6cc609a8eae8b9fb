import { readdirSync, realpathSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** A file that a power cut may leave behind, in one of two ways. */
export type Cut = 'emptied' | 'cut in half';

export const CUTS: readonly Cut[] = ['emptied', 'cut in half'];

/** A file of ours at rest. */
export interface OwnFile {
  readonly path: string;
  /** What it is like in every zone and process: its path below the home, without their names. */
  readonly kind: string;
  /** Whose it is: files of one owner may hide each other's harm, and are not cut at the same time. */
  readonly owner: string;
}

/**
 * Every file that the platform's commands and agents write, found in the folders of a platform that
 * has been started and stopped, so that a new one is among them. An engine writes below a folder of
 * its own (`cluster`, `storage`) in its folder of the data; what lies beside that is ours. What
 * Node.js keeps of compiled code carries its own checksums.
 */
export function ownFiles(platform: Pick<PlatformUnderTest, 'home' | 'state'>): readonly OwnFile[] {
  const data = path.join(platform.home, '.local/share/meridian/local');
  return [...filesBelow(platform.state, () => true), ...filesBelow(data, isOutsideOfEngines)]
    .filter((file) => statSync(file).size > 1)
    .map((file) => {
      const relative = path.relative(path.join(platform.home, '.local'), file);
      return { path: file, kind: kindOf(relative), owner: ownerOf(relative) };
    });
}

/** Cuts a file as it lies there. */
export function cut(file: string, how: Cut): void {
  truncateSync(file, how === 'emptied' ? 0 : Math.floor(statSync(file).size / 2));
}

/**
 * Rounds in which every kind is cut once: in each at most one file of an owner, and of every owner as
 * long as it has kinds that no round has had.
 */
export function roundsOf(files: readonly OwnFile[]): readonly (readonly OwnFile[])[] {
  const rounds: OwnFile[][] = [];
  const seen = new Set<string>();
  for (const file of files) {
    if (seen.has(file.kind)) continue;
    seen.add(file.kind);
    // Another zone or process may have the same kind and be free sooner.
    const candidates = files.filter(({ kind }) => kind === file.kind);
    const places = candidates.map((candidate) => {
      const first = rounds.findIndex((round) => !round.some((other) => meet(other, candidate)));
      return { candidate, place: first === -1 ? rounds.length : first };
    });
    const best = places.reduce((left, right) => (right.place < left.place ? right : left));
    (rounds[best.place] ??= []).push(best.candidate);
  }
  return rounds;
}

/** A zone's own files bear on all of its processes, and the root's on every zone. */
function meet(left: OwnFile, right: OwnFile): boolean {
  const [short, long] = [left.owner, right.owner].sort((a, b) => a.length - b.length);
  return short === long || `${long}/`.startsWith(`${short}/`);
}

function filesBelow(folder: string, ours: (relative: string) => boolean): readonly string[] {
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      // A folder of certificates has a second name, a symbolic link.
      .filter((file) => realpathSync(file) === file && ours(path.relative(folder, file)))
  );
}

/** `<zone>/<process>/<file>`: whatever lies deeper is the engine's. */
function isOutsideOfEngines(relative: string): boolean {
  return relative.split('/').length <= 3;
}

/** The path without names of zones, processes and bindings, and without what is new each time. */
function kindOf(relative: string): string {
  return relative
    .replace(/\/zones\/[^/]+/, '/zones/<zone>')
    .replace(/^(share\/.*\/local)\/[^/]+\/[^/]+/, '$1/<zone>/<process>')
    .replace(/\/processes\/[^/]+/, '/processes/<process>')
    .replace(/\/(specs|logs)\/[^/]+(\.[a-z]+)$/, '/$1/<process>$2')
    .replace(/\/\.([^/]+)-[0-9a-f]{32}\//, '/$1/')
    .replace(/\/bindings\/[^/]+/, '/bindings/<binding>')
    .replace(/[0-9a-f]{40}|\d{8,}(?:T\d+)?(?:-\d+)?/, '<number>');
}

function ownerOf(relative: string): string {
  const zone = /\/zones\/([^/]+)/.exec(relative)?.[1];
  const process = /\/(?:processes|specs|logs)\/([^/]+?)(?:\.[a-z]+)?(?:\/|$)/.exec(relative)?.[1];
  if (zone !== undefined) return ['pki', zone, process].filter(Boolean).join('/');
  const engine = /^share\/.*\/local\/([^/]+)\/([^/]+)/.exec(relative);
  if (engine !== null) return `pki/${String(engine[1])}/${String(engine[2])}`;
  if (relative.includes('/pki/')) return 'pki';
  return path.dirname(relative);
}
