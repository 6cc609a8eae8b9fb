import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ProgramSources } from '../local/program-sources.ts';
import { calleesOf } from '../model/call-order.ts';
import { databaseGrants } from '../model/grants.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { landed } from '../model/landed.ts';
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
 * Digests of all that the landed processes of a graph run, read from the program's root folder. Throws the file
 * system's error when a folder that the graph names is missing.
 */
export function readProgramSources(
  root: string,
  graph: PlatformGraph,
  cacheFolder: string | undefined,
): ProgramSources {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const { services, tasks } = landed(graph);
  const folders = [
    ...services.map(({ name }) => [name, `services/${name}`] as const),
    // A task lies in the folder of the service that it belongs to and may use all of it.
    ...tasks.map(({ name, entry }) => [name, dirname(dirname(entry))] as const),
  ];
  const revisions = folders.map(([name, folder]) => {
    return [name, sourceDigest(root, [...programPaths(graph, name, folder), LOCKFILE])] as const;
  });
  return {
    version,
    revisions: Object.fromEntries(revisions),
    migrations: migrationDigests(root, graph),
    engines: {
      postgres: engineVersion(cacheFolder, 'postgres'),
      envoy: engineVersion(cacheFolder, 'envoy'),
      redis: engineVersion(cacheFolder, 'redis'),
      kafka: engineVersion(cacheFolder, 'kafka'),
    },
  };
}

/** Digests of the migrations of services that have code, by folder. */
export function migrationDigests(root: string, graph: PlatformGraph): ProgramSources['migrations'] {
  return Object.fromEntries(
    databaseGrants(landed(graph)).map(({ migrations }) => [
      migrations,
      sourceDigest(root, [migrations]),
    ]),
  );
}

/**
 * What the program of a service or task is made of, besides packages: its own folder, its callees'
 * contracts, the topics that it consumes, the kit and the language.
 */
export function programPaths(
  graph: PlatformGraph,
  name: string,
  folder = `services/${name}`,
): readonly string[] {
  // Of every declared callee: code may import the contract of a service that is not landed.
  const contracts = calleesOf(graph, name).map((callee) => `services/${callee}/contract`);
  const publishers = graph.topics
    .filter(({ consumers }) => consumers.includes(name))
    .flatMap((topic) => topic.publishers);
  const topics = publishers.flatMap((publisher) => [
    `services/${publisher}/contract`,
    `services/${publisher}/topics.ts`,
  ]);
  return [folder, ...sortedUnique([...contracts, ...topics]), ...SHARED];
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

/**
 * The version that an engine's `current` link in the cache points to, or 'none' when it is not
 * installed: a preview needs no engine, and starting one says what is missing.
 */
function engineVersion(cacheFolder: string | undefined, engine: string): string {
  if (cacheFolder === undefined) return 'none';
  const link = join(cacheFolder, engine, 'current');
  const isThere = lstatSync(link, { throwIfNoEntry: false }) !== undefined;
  return isThere ? basename(readlinkSync(link)) : 'none';
}
