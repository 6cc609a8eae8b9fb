import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ProgramSources } from '../local/program-sources.ts';
import { databaseGrants } from '../model/grants.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { landed } from '../model/landed.ts';
import { ProgramFiles, sourceFiles } from './program-files.ts';

/** Says which packages are installed. */
const LOCKFILE = 'package-lock.json';

/**
 * Digests of all that the landed processes of a graph run, read from the program's root folder. Throws the file
 * system's error when an entry or a folder that the graph names is missing.
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
  const entries = [
    ...services.map(({ name }) => ({ name, entry: `services/${name}/main.ts` })),
    ...tasks,
  ];
  const programs = new ProgramFiles(root);
  const revisions = entries.map(({ name, entry }) => {
    return [name, sourceDigest(root, [...programs.of(entry), LOCKFILE])] as const;
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
