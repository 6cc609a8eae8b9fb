import { createHash } from 'node:crypto';
import { globSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { standInName } from '../model/external.ts';
import { databaseGrants } from '../model/grants.ts';
import type { LandedGraph } from '../model/landed.ts';
import { checkDeclaredFiles, checkMigrationFolders } from './declared-files.ts';
import { ProgramFiles, sourceFiles } from './program-files.ts';
import type { ProgramSources } from './program-sources.ts';

/** A program that is not a service, task or stand-in of a graph: the name of its process, and its main file. */
export interface ProgramEntry {
  readonly name: string;
  readonly entry: string;
}

/** Says which packages are installed. */
const LOCKFILE = 'package-lock.json';

/**
 * Digests of all that the processes of a graph and others run, read from the program's root folder.
 *
 * @throws {CodedError} DECLARED_FILE_MISSING, MIGRATIONS_MISNAMED
 */
export function readProgramSources(
  root: string,
  graph: LandedGraph,
  cacheFolder: string | undefined,
  others: readonly ProgramEntry[] = [],
): ProgramSources {
  checkDeclaredFiles(root, graph);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const { services, tasks, externals } = graph;
  const entries = [
    ...services.map(({ name }) => ({ name, entry: `services/${name}/main.ts` })),
    ...tasks,
    ...externals.map(({ name, standIn }) => ({ name: standInName(name), entry: standIn.entry })),
    ...others,
  ];
  const packages = lockedPackages(root);
  const programs = new ProgramFiles(root);
  const revisions = entries.map(({ name, entry }) => {
    const sources = sourceDigest(root, programs.of(entry));
    return [name, createHash('sha256').update(sources).update(packages).digest('hex')] as const;
  });
  return {
    version,
    revisions: Object.fromEntries(revisions),
    migrations: migrationDigests(root, graph),
    installed: cacheFolder === undefined ? {} : installedVersions(cacheFolder),
  };
}

/** What the lockfile says of packages that are installed; what it says of the program's own is in their files. */
function lockedPackages(root: string): string {
  const { packages = {} } = JSON.parse(readFileSync(join(root, LOCKFILE), 'utf8')) as {
    readonly packages?: Readonly<Record<string, { readonly link?: boolean }>>;
  };
  const installed = Object.entries(packages).filter(
    ([folder, { link }]) => folder.includes('node_modules/') && link !== true,
  );
  return JSON.stringify(installed);
}

/** Digests of the migrations of services that have code, by folder. Throws CodedError DECLARED_FILE_MISSING, MIGRATIONS_MISNAMED. */
export function migrationDigests(root: string, graph: LandedGraph): ProgramSources['migrations'] {
  checkMigrationFolders(root, graph);
  return Object.fromEntries(
    databaseGrants(graph).map(({ migrations }) => [migrations, sourceDigest(root, [migrations])]),
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
  const links = globSync('*/current', { cwd: cacheFolder }).toSorted();
  return Object.fromEntries(
    links.map((link) => [dirname(link), basename(readlinkSync(join(cacheFolder, link)))]),
  );
}
