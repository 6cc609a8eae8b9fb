import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { calleesOf, edgeService } from '@meridian/components/model/call-order.ts';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { databaseGrants } from '@meridian/components/model/grants.ts';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import { sortedUnique } from '@meridian/components/model/order.ts';
import { ENGINE_METRICS_ENTRY } from '@meridian/components/observability/engines/monitor.ts';
import { PROBE_ENTRY } from '@meridian/components/observability/probes.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { ProgramFiles, sourceFiles } from '@meridian/components/service/program-files.ts';
import { readLockfile } from './lockfile.ts';
import type { Lockfile } from './lockfile.ts';
import { productionPackages } from './production-packages.ts';

/** What lies below the program's folder of an image; every path is the same as in the clone. */
export interface ImageContent {
  readonly files: readonly string[];
  /** Folders by the links that lead there, both from the program's folder. */
  readonly links: Readonly<Record<string, string>>;
}

/** What of a package is read by compilers and debuggers alone. */
const NOT_RUN = /\.d\.[cm]?ts$|\.map$/;

/** The image of the programs that run once in a cluster, beside those of services. */
export const JOBS_IMAGE = 'jobs';

/**
 * What an image consists of: what the main of a service, or of the programs in jobs/, may load, and the
 * packages that they need to run, as the lockfile has them.
 *
 * @throws {CodedError} IMAGE_SERVICE_UNKNOWN, IMAGE_PACKAGES_STALE
 */
export function imageContent(root: string, graph: LandedGraph, name: string): ImageContent {
  const { entries, data, workspaces, contracts } =
    name === JOBS_IMAGE ? jobsProgram(root, graph) : serviceProgram(graph, name);
  const lockfile = readLockfile(root);
  const { folders, links: required } = productionPackages(lockfile, workspaces);
  const links = { ...required, ...linksTo(contracts) };
  checkInstalled(root, lockfile, folders);
  const files = [
    ...new ProgramFiles(root).of(...entries),
    ...sourceFiles(root, data),
    ...Object.values(links).map((workspace) => `${workspace}/package.json`),
    ...folders.flatMap((folder) => packageFiles(root, folder)),
  ];
  return { files: sortedUnique(files).filter((file) => !NOT_RUN.test(file)), links };
}

/** What an image is to run and to read, and the workspaces whose packages it needs. */
interface Program {
  readonly entries: readonly string[];
  readonly data: readonly string[];
  readonly workspaces: readonly string[];
  /** Services of which only the contracts are read: what these need, the caller has. */
  readonly contracts: readonly string[];
}

function serviceProgram(graph: LandedGraph, service: string): Program {
  const names = graph.services.map(({ name }) => name);
  if (!names.includes(service)) {
    const known = [...names, JOBS_IMAGE].map((name) => `'${name}'`).join(', ');
    throw new CodedError(
      'IMAGE_SERVICE_UNKNOWN',
      `Image '${service}': must be one that has code (${known}), got '${service}'; name another one, or write it in services/${service}`,
    );
  }
  return {
    entries: [
      `services/${service}/main.ts`,
      // A cluster runs the service's tasks from the same image, and may run so what stands in for a system
      // outside the platform.
      ...[...graph.tasks, ...graph.externals.map(({ standIn }) => standIn)]
        .map(({ entry }) => entry)
        .filter((entry) => entry.startsWith(`services/${service}/`)),
      // What asks the edge as users do, and what asks engines how they are.
      ...(edgeService(graph).name === service ? [PROBE_ENTRY, ENGINE_METRICS_ENTRY] : []),
    ],
    data: [],
    workspaces: [`services/${service}`, 'services/kit', 'language'],
    contracts: [...calleesOf(graph.declared, service), ...publishersFor(graph.declared, service)],
  };
}

/** Whose events a service handles. */
function publishersFor({ topics }: PlatformGraph, service: string): readonly string[] {
  return topics
    .filter(({ consumers }) => consumers.includes(service))
    .flatMap(({ publishers }) => publishers);
}

/** Where a program finds the packages of services. */
function linksTo(services: readonly string[]): ImageContent['links'] {
  return Object.fromEntries(
    services.map((name) => [`node_modules/@meridian/${name}`, `services/${name}`]),
  );
}

/** Migrations come with the program that applies them, and not with the services that need them. */
function jobsProgram(root: string, graph: LandedGraph): Program {
  return {
    entries: globSync('jobs/*/main.ts', { cwd: root }),
    data: databaseGrants(graph).map(({ migrations }) => migrations),
    workspaces: ['jobs', 'language', 'providers/postgres'],
    contracts: [],
  };
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
