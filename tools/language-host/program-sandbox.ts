import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DEFAULT_LIMITS } from '../review/sandbox/sandbox-spec.ts';
import type { Mount, SandboxLimits, SandboxSpec } from '../review/sandbox/sandbox-spec.ts';
import type { SandboxWay } from '../review/sandbox/sandboxed.ts';
import type { IgnoredChanges } from './ignored-changes.ts';
import { PRELOADS, sdkArguments } from './sdk-arguments.ts';

/** Names the file that says that a program runs in a sandbox, and in which: a ProgramSandbox as JSON. */
export const SANDBOX_VARIABLE = 'MERIDIAN_SANDBOX';

/** What a rehearsal says of the sandbox of its program. */
export interface ProgramSandbox {
  readonly way: SandboxWay;
  /** The folder of the program, laid out. */
  readonly program: string;
  /** A folder with the packages of its lockfile. */
  readonly packages: string;
  /** What is run, from the program's folder: 'infra/index.ts'. */
  readonly main: string;
  /** A file that the program may write what it declares to, for anybody to write. */
  readonly declaredFile?: string;
  /** A file that the language host writes and the sandbox does not see: AskedOfEngine as JSON. */
  readonly askedFile?: string;
  readonly limits?: Partial<SandboxLimits>;
}

/** What of a program's requests the engine's events do not tell. */
export interface AskedOfEngine {
  /** Names of its hooks, none of which was run; hostile, as all that a program says. */
  readonly hooks: readonly string[];
  readonly ignored: readonly IgnoredChanges[];
}

/** Where the program sees itself: the same for everybody, so that no path of a machine gets into what it declares. */
const PROGRAM = '/program';

/** Where it sees the sockets of the engine, and the file for what it declares. */
export const GATE_FOLDER = '/run/gate';
const DECLARED_FILE = '/run/declared';
const NODE = '/run/node';
const PRELOADED = '/run/preloads';

const MEBIBYTE = 1024 * 1024;

/** What V8 leaves of the limit for everything else: code, stacks of threads, buffers. */
const BESIDE_HEAP_BYTES = 1024 * MEBIBYTE;

/** Reads the sandbox that the environment names; undefined where it names none. */
export function programSandbox(
  environment: Readonly<NodeJS.ProcessEnv>,
): ProgramSandbox | undefined {
  const file = environment[SANDBOX_VARIABLE];
  if (file === undefined || file === '') return undefined;
  return JSON.parse(readFileSync(file, 'utf8')) as ProgramSandbox;
}

/** What the sandbox of a program consists of. */
export interface ProgramRun {
  /** Of Pulumi's SDK, before the program. */
  readonly flags: readonly string[];
  readonly args: readonly string[];
  /** Of Pulumi: the configuration of the stack. */
  readonly environment: Readonly<Record<string, string>>;
  /** The folder with the sockets of the engine, outside. */
  readonly gate: string;
  /** Names the variable of the file that the program writes what it declares to. */
  readonly declaredVariable: string;
}

/** The sandbox in which a program runs under Pulumi's SDK of its own lockfile. */
export function sandboxOfProgram(sandbox: ProgramSandbox, run: ProgramRun): SandboxSpec {
  const limits = { ...DEFAULT_LIMITS, ...sandbox.limits };
  const heapMebibytes = Math.floor((limits.processMemoryBytes - BESIDE_HEAP_BYTES) / MEBIBYTE);
  const { declaredFile } = sandbox;
  return {
    command: [
      NODE,
      ...sdkArguments(PRELOADED),
      `--max-old-space-size=${heapMebibytes}`,
      path.join(PROGRAM, 'node_modules/@pulumi/pulumi/cmd/run/index.js'),
      ...run.flags,
      path.join(PROGRAM, sandbox.main),
      ...run.args,
    ],
    workingDirectory: path.dirname(path.join(PROGRAM, sandbox.main)),
    environment: {
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      MERIDIAN_REHEARSAL: 'true',
      ...run.environment,
      ...(declaredFile === undefined ? {} : { [run.declaredVariable]: DECLARED_FILE }),
    },
    readOnly: [
      { from: process.execPath, at: NODE },
      { from: PRELOADS, at: PRELOADED },
      { from: sandbox.program, at: PROGRAM },
      ...packagesOf(sandbox),
      { from: run.gate, at: GATE_FOLDER },
    ],
    writable: declaredFile === undefined ? [] : [{ from: declaredFile, at: DECLARED_FILE }],
    limits,
  };
}

/** Where a program sees its main folder and its root. */
export function placesInSandbox({ main }: ProgramSandbox): {
  readonly root: string;
  readonly folder: string;
} {
  return { root: PROGRAM, folder: path.dirname(path.join(PROGRAM, main)) };
}

/** In place of links into another folder, that folder itself: so the program sees no path of the machine. */
function packagesOf({ program, packages }: ProgramSandbox): readonly Mount[] {
  const nested = globSync('{*,*/*}/node_modules', { cwd: program }).filter(
    (folder) => !folder.startsWith('node_modules'),
  );
  return ['node_modules', ...nested].map((folder) => ({
    from: path.join(packages, folder),
    at: path.join(PROGRAM, folder),
  }));
}
