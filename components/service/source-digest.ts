import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
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
    installed: cacheFolder === undefined ? {} : installedVersions(cacheFolder),
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
