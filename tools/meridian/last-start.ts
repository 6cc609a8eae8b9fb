import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { isSystemError } from '@meridian/language/thrown.ts';
import type { ZoneStatus } from '@meridian/provider-local/agent-client.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { readUnlessTorn, writeFileAtomic } from '@meridian/provider-local/machine/atomic-file.ts';
import { z } from 'zod';
import { isOfTelemetry, missingTelemetry } from '../engines/telemetry-programs.ts';
import { programFolder } from './places.ts';
import type { Settings } from './stack-config.ts';
import type { KnownZone } from './zones.ts';

/**
 * How long a start is believed that found all as it should be. What only an engine knows (a role that
 * somebody dropped by hand), and what time alone changes (certificates that near their end), is seen by
 * Pulumi's refresh and not here.
 */
const BELIEVED_MS = 3_600_000;

/** All that the program, its provider and their agents are made of. Tests and documents are not. */
const PROGRAM = [
  ...['components', 'infra', 'jobs', 'language', 'providers', 'services', 'stacks', 'tools'],
  ...['package.json', 'package-lock.json', 'Pulumi.yaml', 'Pulumi.local.yaml'],
  'node_modules/.meridian-installed',
];

/**
 * What of the state changes without a meaning for a start: what agents write as processes come and go
 * (and put right by themselves, as they do files of processes), logs, locks, and Pulumi's history, which
 * nothing reads.
 */
const PASSING = [
  /^(lock|development\.lock|last-start\.json|events\.jsonl)/,
  /^config\/once\.yaml$/,
  /^pulumi\/\.pulumi\/(history|backups|locks)(\/|$)/,
  /^pulumi-home\/logs(\/|$)/,
  /^zones\/[^/]+\/(agent\.log|lock|logs|processes|running)/,
  /^targets(\/|$)/,
];

const recordSchema = z.strictObject({
  digest: z.string(),
  /** Wall clock, ms. */
  endedAt: z.number(),
  resources: z.int(),
  outputs: z.strictObject({ edgeUrl: z.string(), rootCertificate: z.string() }),
});
/** A start that left everything ready. */
type Recorded = z.infer<typeof recordSchema>;
type Told = Pick<Recorded, 'resources' | 'outputs'>;

/** The last start that went well, by which the next one sees that there is nothing to do. */
export class LastStart {
  readonly #folders: Folders;

  constructor(folders: Folders) {
    this.#folders = folders;
  }

  /**
   * What the last start told, if nothing has changed since: not the program, its packages or its engines,
   * no setting, no file of the state, nothing that an agent holds, and every process is ready.
   */
  async unchanged(settings: Settings, zones: readonly KnownZone[]): Promise<Told | undefined> {
    const last = await readUnlessTorn(this.#file, (text) => recordSchema.parse(JSON.parse(text)));
    const ageMs = Date.now() - (last?.endedAt ?? Number.NaN);
    // An age below zero is that of a clock which was set back.
    if (last === undefined || !(ageMs >= 0 && ageMs <= BELIEVED_MS)) return undefined;
    const program = programDigest(this.#folders);
    return last.digest === this.#digest(program, settings, zones) ? last : undefined;
  }

  /** Forgets it: a start that is broken off has gone well for nobody. */
  async forget(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  /**
   * Keeps a start that went well.
   *
   * @param program its `programDigest` from before the start: one that was edited meanwhile is not kept
   */
  async keep(
    program: string,
    settings: Settings,
    zones: readonly KnownZone[],
    told: Told,
  ): Promise<void> {
    const digest = this.#digest(program, settings, zones);
    if (digest === undefined || program !== programDigest(this.#folders)) return;
    const record: Recorded = { ...told, digest, endedAt: Date.now() };
    await writeFileAtomic(this.#file, JSON.stringify(record));
  }

  get #file(): string {
    return path.join(this.#folders.state, 'last-start.json');
  }

  /** Undefined unless all that runs is as it should be. */
  #digest(program: string, settings: Settings, zones: readonly KnownZone[]): string | undefined {
    const held = zones.map(({ zone, status }) => status && [zone, heldBy(status)]);
    if (held.length === 0 || held.includes(undefined) || held.flat().includes(undefined)) {
      return undefined;
    }
    const { state, data } = this.#folders;
    const hash = createHash('sha256').update(
      JSON.stringify([program, Object.entries(settings).sort(), held]),
    );
    addFolder(hash, state, (file) => !PASSING.some((passing) => passing.test(file)));
    // What of an engine's folder is not its own: `<zone>/<process>/<file>`.
    addFolder(hash, data, (file) => file.split('/').length <= 3, 3);
    return hash.digest('hex');
  }
}

/** SHA-256 (hex) of the program: its files, its packages, where it lies, and the engines that it runs. */
export function programDigest({ program, cache }: Pick<Folders, 'program' | 'cache'>): string {
  const parts = [sourcesDigest({ program }), engines(cache)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** SHA-256 (hex) of the program without the engines: what changes only by an edit, or a pull. */
export function sourcesDigest({ program }: Pick<Folders, 'program'>): string {
  const hash = createHash('sha256').update(JSON.stringify([program]));
  for (const part of PROGRAM) {
    const whole = path.join(program, part);
    const found = statSync(whole, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) {
      addFolder(hash, whole, (file) => !/(^|\/)node_modules(\/|$)|\.test\.ts$/.test(file));
    } else if (found !== undefined) {
      addFile(hash, whole, part);
    }
  }
  return hash.digest('hex');
}

/** What an agent holds, as far as a start decides it; undefined while something of it is not well. */
function heldBy(status: ZoneStatus): unknown {
  const { network, leafLifetimeSeconds, programVersion, stopping, authority, processes } = status;
  const isWell = processes.every(
    ({ runs, state, problem }) =>
      problem === undefined && state === (runs === 'always' ? 'ready' : 'idle'),
  );
  if (stopping || !isWell) return undefined;
  const specs = processes.map(({ name, specDigest }) => [name, specDigest]).sort();
  return [network, leafLifetimeSeconds, programVersion, authority, specs];
}

/**
 * The engines that the cache has, each with what of it is run. Those of telemetry count once all of them are there:
 * before, they make no difference to a start.
 */
function engines(cache: string): unknown {
  const withTelemetry = missingTelemetry(programFolder, cache).length === 0;
  const counted = namesIn(cache).filter((name) => withTelemetry || !isOfTelemetry(name));
  return [withTelemetry, counted.flatMap((name) => installedIn(cache, name))];
}

/** An engine with what of it is run, or nothing where a name in the cache is not one. */
function installedIn(cache: string, name: string): readonly unknown[] {
  // Locks and the like lie beside them.
  if (statSync(path.join(cache, name), { throwIfNoEntry: false })?.isDirectory() !== true) {
    return [];
  }
  const current = path.join(cache, name, 'current');
  if (lstatSync(current, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return [];
  const programs = namesIn(path.join(current, 'bin')).map((file) => {
    const found = statSync(path.join(current, 'bin', file), { throwIfNoEntry: false });
    return [file, found?.size, found?.mtimeMs];
  });
  return [[name, readlinkSync(current), programs]];
}

type Hash = ReturnType<typeof createHash>;

/** Adds every file below a folder, by its path in it and its content, and where links lead. */
function addFolder(
  hash: Hash,
  root: string,
  isMeant: (file: string) => boolean,
  depth = Number.POSITIVE_INFINITY,
): void {
  const walk = (below: string, level: number): void => {
    for (const name of namesIn(path.join(root, below))) {
      const file = below === '' ? name : `${below}/${name}`;
      if (!isMeant(file)) continue;
      const found = lstatSync(path.join(root, file), { throwIfNoEntry: false });
      if (found?.isDirectory() === true && level < depth) walk(file, level + 1);
      else if (found?.isSymbolicLink() === true) {
        hash.update(`${file} -> ${readlinkSync(path.join(root, file))}\n`);
      } else if (found?.isFile() === true) addFile(hash, path.join(root, file), file);
    }
  };
  walk('', 1);
}

function addFile(hash: Hash, whole: string, name: string): void {
  const content = readFileSync(whole);
  // Lengths keep one file's end from passing for another one's beginning.
  hash.update(`${Buffer.byteLength(name)} ${name} ${content.length} `).update(content);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR')) return [];
    throw error;
  }
}
