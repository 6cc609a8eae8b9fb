import { chmodSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fillFolder } from './cache.ts';
import type { EngineStep, InstalledEngine, Progress } from './engine.ts';
import { goCommand } from './go-toolchain.ts';
import { run } from './run.ts';

/** A folder in which Go programs are built, one after the other, and share what they compile. */
export type GoBuilds = 'go' | 'go-beside';

/** An engine that is built from Go modules, with a go.mod and a go.sum in tools/engines/<recipe>. */
export interface GoProgram {
  readonly name: string;
  /** @default its name */
  readonly recipe?: string;
  readonly version: string;
  /** The Go module that says so, or a sentence's end that does: "Go module …". */
  readonly module: string;
  /** The package of each executable, by the executable's name. */
  readonly packages: Readonly<Record<string, string>>;
  /** Variables of the program that the linker sets, which is how Go programs learn their version. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Files of the module that its main embeds, from the module's root; they are copied beside go.mod. @default none */
  readonly embedded?: readonly string[];
  /** Build tags. @default none */
  readonly tags?: readonly string[];
  /**
   * Whether go.sum has a line for every module that is read. The build then asks nobody about one that it lacks, and
   * fails. @default false
   */
  readonly sealed?: boolean;
  /**
   * Where it is built; 'go-beside' is for what is built while a platform runs: it gives way to everything else on the
   * machine. @default 'go'
   */
  readonly builds?: GoBuilds;
  /** What a build from nothing took on two cores, to say how long to wait. */
  readonly minutes: number;
}

/**
 * Builds a Go program into the cache, once by version. Modules and compiled packages stay in the
 * cache's build folder until `removeGoBuilds`, so programs that share dependencies share the work.
 *
 * @param root folder of the clone
 */
export async function installGoProgram(
  program: GoProgram,
  root: string,
  cache: string,
  progress: Progress,
): Promise<InstalledEngine> {
  const { name, version, module } = program;
  const folder = path.join(cache, name, version);
  if (!existsSync(folder)) await buildProgram(program, root, cache, progress);
  return { name, version, folder, source: `Go module ${module}` };
}

/** What `go build` gets of a folder for builds, and where it puts what it needs meanwhile. */
function goEnvironment(folder: string, work: string): Readonly<Record<string, string>> {
  return {
    CGO_ENABLED: '0',
    GOCACHE: path.join(folder, 'compiled'),
    GOMODCACHE: path.join(folder, 'modules'),
    // Modules are read-only otherwise, and could not be removed.
    GOFLAGS: '-modcacherw',
    // Whoever is interrupted leaves its work; here it goes with the unfinished folder.
    GOTMPDIR: work,
  };
}

/** Removes what builds shared: some gigabytes that no finished program needs. */
export async function removeGoBuilds(cache: string, builds: GoBuilds): Promise<void> {
  await removeGoFolder(goBuildFolder(cache, builds));
}

/**
 * Removes a folder that Go has filled, if it is there. A toolchain that Go fetches because a go.mod asks for a newer
 * one is read-only, whatever -modcacherw says: its flags are read after that (cmd/go/internal/toolchain).
 */
export async function removeGoFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await run({ argv: ['chmod', '-R', 'u+w', folder] });
  rmSync(folder, { recursive: true });
}

function goBuildFolder(cache: string, builds: GoBuilds): string {
  return path.join(cache, 'build', builds);
}

async function buildProgram(
  program: GoProgram,
  root: string,
  cache: string,
  progress: Progress,
): Promise<void> {
  const { name, recipe = name, version, packages, builds = 'go' } = program;
  const go = await goCommand(cache, progress);
  const building = goBuildFolder(cache, builds);
  await fillFolder(path.join(cache, name, version), async (temporary) => {
    const source = path.join(building, 'source', name);
    rmSync(source, { recursive: true, force: true });
    cpSync(path.join(root, 'tools/engines', recipe), source, { recursive: true });
    const work = path.join(temporary, 'work');
    for (const folder of [path.join(temporary, 'bin'), work]) mkdirSync(folder, { mode: 0o755 });
    await copyEmbedded(program, go, source, goEnvironment(building, work));
    for (const [executable, packageName] of Object.entries(packages)) {
      const output = path.join(temporary, 'bin', executable);
      await run({
        argv: buildCommand(go, program, output, packageName),
        cwd: source,
        environment: goEnvironment(building, work),
        logFile: path.join(building, `${name}-${executable}.log`),
        signal: progress.signal,
        onLine: packagesCounted(program, progress),
      });
      chmodSync(output, 0o755);
    }
    rmSync(work, { recursive: true });
    chmodSync(temporary, 0o755);
  });
}

/** Copies what a main of ours embeds out of the module, which go.sum holds to its checksum. */
async function copyEmbedded(
  { module, embedded = [] }: GoProgram,
  go: string,
  source: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  if (embedded.length === 0) return;
  await run({ argv: [go, 'mod', 'download', module], cwd: source, environment });
  const listing = ['list', '-mod=mod', '-m', '-f', '{{.Dir}}', module] as const;
  const folder = (await run({ argv: [go, ...listing], cwd: source, environment })).trim();
  for (const file of embedded)
    cpSync(path.join(folder, file), path.join(source, path.basename(file)));
}

/** `go build`, which ends when the installation does, however that ends: a build left alone takes minutes. */
function buildCommand(
  go: string,
  { variables = {}, tags = [], sealed = false, builds }: GoProgram,
  output: string,
  packageName: string,
): readonly [string, ...string[]] {
  const assignments = Object.entries(variables).map(([key, value]) => `-X ${key}=${value}`);
  return [
    ...(['setpriv', '--pdeathsig', 'TERM'] as const),
    ...(builds === 'go-beside' ? ['nice', '-n', '19'] : []),
    ...[go, 'build', '-v', '-trimpath', sealed ? '-mod=readonly' : '-mod=mod'],
    ...(tags.length > 0 ? ['-tags', tags.join(',')] : []),
    ...['-ldflags', ['-s -w', ...assignments].join(' '), '-o', output, packageName],
  ];
}

/** How many packages are reported as one line: logs are read too. */
const PACKAGES_A_REPORT = 50;

/** Tells of each download, and of compiled packages now and then: `go build -v` writes a line for each. */
function packagesCounted({ minutes }: GoProgram, progress: Progress): (line: string) => void {
  let count = 0;
  return (line) => {
    const isPackage = !line.startsWith('go: ');
    if (isPackage) count += 1;
    if (isPackage && count % PACKAGES_A_REPORT !== 1) return;
    const said = isPackage ? `package ${count}, ${line}` : line;
    progress.report(`go build, about ${minutes} minutes on two cores: ${said}`);
  };
}

/** A step of the installation for each program, by its title. */
export function goProgramSteps(
  programs: Readonly<Record<string, GoProgram>>,
  root: string,
  cache: string,
): readonly EngineStep[] {
  return Object.entries(programs).map(([title, program]) => ({
    title,
    install: (progress) => installGoProgram(program, root, cache, progress),
  }));
}
