import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { databaseGrants } from '@meridian/components/model/grants.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { sortedUnique } from '@meridian/components/model/order.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { programPaths, sourceFiles } from '@meridian/components/service/source-digest.ts';
import { readLockfile } from './lockfile.ts';
import type { Lockfile } from './lockfile.ts';
import { productionPackages } from './production-packages.ts';

/** What lies below the program's folder of an image; every path is the same as in the clone. */
export interface ImageContent {
  readonly files: readonly string[];
  /** Folders by the links that lead there, both from the program's folder. */
  readonly links: Readonly<Record<string, string>>;
}

/** Declarations are for Pulumi, and generators for developers; neither runs in an image. */
const DECLARATION = /^services\/[^/]+\/(.+\/)?(service|task|generate)\.ts$/;

/** What is read by compilers and debuggers alone, and the settings of a generator. */
const NOT_RUN = /\.d\.[cm]?ts$|\.map$|\/buf\.gen\.yaml$/;

/** The image of the programs that run once in a cluster, beside those of services. */
export const JOBS_IMAGE = 'jobs';

/**
 * What an image consists of: the sources of a service, or of the programs in jobs/, those that they
 * share with others, and the packages that they need to run, as the lockfile has them.
 *
 * @throws {CodedError} IMAGE_SERVICE_UNKNOWN, IMAGE_PACKAGES_STALE
 */
export function imageContent(root: string, graph: PlatformGraph, name: string): ImageContent {
  const { paths, workspaces } =
    name === JOBS_IMAGE ? jobsProgram(graph) : serviceProgram(graph, name);
  const lockfile = readLockfile(root);
  const { folders, links } = productionPackages(lockfile, workspaces);
  checkInstalled(root, lockfile, folders);
  const files = [
    ...sourceFiles(root, paths),
    ...Object.values(links).map((workspace) => `${workspace}/package.json`),
    ...folders.flatMap((folder) => packageFiles(root, folder)),
  ];
  return {
    files: sortedUnique(files).filter((file) => !DECLARATION.test(file) && !NOT_RUN.test(file)),
    links,
  };
}

/** Where the sources of an image lie, and the workspaces whose packages it needs. */
interface Program {
  readonly paths: readonly string[];
  readonly workspaces: readonly string[];
}

function serviceProgram(graph: PlatformGraph, service: string): Program {
  const names = landed(graph).services.map(({ name }) => name);
  if (!names.includes(service)) {
    const known = [...names, JOBS_IMAGE].map((name) => `'${name}'`).join(', ');
    throw new CodedError(
      'IMAGE_SERVICE_UNKNOWN',
      `Image '${service}': must be one that has code (${known}), got '${service}'; name another one, or write it in services/${service}`,
    );
  }
  return {
    paths: programPaths(graph, service),
    workspaces: [`services/${service}`, 'services/kit', 'language'],
  };
}

/** The one file of the kit that Jobs share with services; it needs nothing besides. */
const SHARED_WITH_JOBS = 'services/kit/postgres/database-trouble.ts';

/** Migrations come with the program that applies them, and not with the services that need them. */
function jobsProgram(graph: PlatformGraph): Program {
  const migrations = databaseGrants(landed(graph)).map((grant) => grant.migrations);
  const workspaces = ['jobs', 'language', 'providers/postgres'];
  return { paths: [...workspaces, SHARED_WITH_JOBS, ...migrations], workspaces };
}

/** Every regular file of a package; packages inside of it are listed by themselves. */
function packageFiles(root: string, folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const child = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : packageFiles(root, child);
    return entry.isFile() ? [child] : [];
  });
}

function checkInstalled(root: string, lockfile: Lockfile, folders: readonly string[]): void {
  const problems = folders.flatMap((folder) => {
    const locked = lockfile[folder]?.version ?? 'no version';
    const installed = installedVersion(path.join(root, folder, 'package.json'));
    if (installed === locked) return [];
    return `Package '${folder}': must be of version ${locked} as in package-lock.json, got ${installed}; install it with npm ci`;
  });
  if (problems.length > 0) {
    throw new CodedError('IMAGE_PACKAGES_STALE', problems.join('\n'), { problems });
  }
}

function installedVersion(file: string): string {
  if (!existsSync(file)) return 'none';
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
