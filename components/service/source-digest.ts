import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ProgramSources } from './program-sources.ts';
import { calleesOf } from '../model/call-order.ts';
import { databaseGrants } from '../model/grants.ts';
import type { PlatformGraph } from '../model/graph.ts';
import type { LandedGraph } from '../model/landed.ts';
import { sortedUnique } from '../model/order.ts';

/** The runtime that every service shares, and the words that it shares with the program. */
const SHARED = ['services/kit', 'language'];

/** Says which packages are installed. */
const LOCKFILE = 'package-lock.json';

/** Nothing in these changes what a service does. */
const IGNORED_FOLDERS: ReadonlySet<string> = new Set([
  'coverage',
  'fixtures',
  'node_modules',
  'proto',
  'testing',
]);

/**
 * Digests of all that the processes of a graph run, read from the program's root folder. Throws the file
 * system's error when a folder that the graph names is missing.
 */
export function readProgramSources(
  root: string,
  graph: LandedGraph,
  cacheFolder: string | undefined,
): ProgramSources {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const { services, tasks, declared } = graph;
  const folders = [
    ...services.map(({ name }) => [name, `services/${name}`] as const),
    // A task lies in the folder of the service that it belongs to and may use all of it.
    ...tasks.map(({ name, entry }) => [name, dirname(dirname(entry))] as const),
  ];
  const revisions = folders.map(([name, folder]) => {
    return [name, sourceDigest(root, [...programPaths(declared, name, folder), LOCKFILE])] as const;
  });
  return {
    version,
    revisions: Object.fromEntries(revisions),
    migrations: migrationDigests(root, graph),
    installed: cacheFolder === undefined ? {} : installedVersions(cacheFolder),
  };
}

/** Digests of the migrations of services that have code, by folder. */
export function migrationDigests(root: string, graph: LandedGraph): ProgramSources['migrations'] {
  return Object.fromEntries(
    databaseGrants(graph).map(({ migrations }) => [migrations, sourceDigest(root, [migrations])]),
  );
}

/**
 * The folders that the program of a service or task is made of, besides packages: its own, its
 * callees' contracts, the kit and the language.
 */
export function programPaths(
  graph: PlatformGraph,
  name: string,
  folder = `services/${name}`,
): readonly string[] {
  // Of every declared callee: code may import the contract of a service that is not landed.
  const contracts = calleesOf(graph, name).map((callee) => `services/${callee}/contract`);
  return [folder, ...contracts, ...SHARED];
}

/** The files below some paths that make a program, without tests, sorted. */
export function sourceFiles(root: string, paths: readonly string[]): readonly string[] {
  return sortedUnique(paths.flatMap((path) => listFiles(root, path)));
}

/**
 * SHA-256 over the names and contents of files and folders, without tests: the same on every
 * machine, whatever the order in which the file system lists them.
 */
export function sourceDigest(root: string, paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of sourceFiles(root, paths)) {
    const content = readFileSync(join(root, file));
    // Lengths keep one file's end from passing for another one's beginning.
    hash.update(`${Buffer.byteLength(file)} ${file} ${content.length} `).update(content);
  }
  return hash.digest('hex');
}

function listFiles(root: string, path: string): readonly string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => {
    const child = `${path}/${entry.name}`;
    if (entry.isDirectory()) return IGNORED_FOLDERS.has(entry.name) ? [] : listFiles(root, child);
    return entry.isFile() && !entry.name.endsWith('.test.ts') ? [child] : [];
  });
}

/** The version that each program's `current` link in the cache points to, by its folder. */
function installedVersions(cacheFolder: string): ProgramSources['installed'] {
  const programs = existsSync(cacheFolder) ? readdirSync(cacheFolder).toSorted() : [];
  return Object.fromEntries(
    programs.flatMap((program) => {
      const link = join(cacheFolder, program, 'current');
      const isLink = lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true;
      return isLink ? [[program, basename(readlinkSync(link))]] : [];
    }),
  );
}
