import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Helm } from '@meridian/provider-rehearsal/provider/helm-template.ts';
import type {
  RehearsalOptions,
  RehearsalProblem,
} from '@meridian/provider-rehearsal/provider/rehearsal-service.ts';
import { startRehearsal } from '@meridian/provider-rehearsal/rehearsal-server.ts';
import { problemsOfUnasked } from '@meridian/provider-rehearsal/unasked-objects.ts';
import { stringify } from 'yaml';
import { DECLARED_FILE_VARIABLE } from '../../../infra/declared-file-variable.ts';
import type { InstalledEngine } from '../../engines/engine.ts';
import { SANDBOX_VARIABLE } from '../../language-host/program-sandbox.ts';
import type { ProgramSandbox } from '../../language-host/program-sandbox.ts';
import type { SandboxLimits } from '../../review/sandbox/sandbox-spec.ts';
import type { SandboxWay } from '../../review/sandbox/sandboxed.ts';
import type { ExportedResource, ExportedResources } from './exported-resource.ts';
import { plainText } from '../../review/sandbox/plain-output.ts';
import { keepNoLog } from '../../engines/pulumi-log.ts';
import { localStack } from '../places.ts';
import { childEnvironment } from '../pulumi-environment.ts';
import { parseYaml } from '../stack-config.ts';
import type { Settings } from '../stack-config.ts';
import { confinedHelm } from './confined-helm.ts';
import { parseEvents, partsOfUrn } from './engine-events.ts';
import type { EngineEvent } from './engine-events.ts';
import { shownResources } from './last-steps.ts';
import { MOST_TOLD, toldBy } from './told-by.ts';
import type { Told } from './told-by.ts';
import { protectedResources } from './protected-data.ts';
import { withStandIns } from './secret-stand-ins.ts';
import type { ExportedStack, ProtectedResource } from './protected-data.ts';

/** A folder with a program, and what is set for it beside its Pulumi.<stack>.yaml. */
export interface RehearsedProgram {
  readonly folder: string;
  readonly settings?: Settings;
}

/** How a program is rehearsed. */
export interface RehearsalOrder {
  /** A file that the program writes what it declares to. @default it writes none */
  readonly declaredFile?: string;
  /**
   * Runs the program in a sandbox, and nothing else of its folder outside of it: language host and project file are
   * those of a folder that is trusted. @default the program and its language host run as this user
   */
  readonly sandbox?: RehearsalSandbox;
  /** Whether outputs of resources that are made are known in a preview. @default 'known' */
  readonly outputs?: RehearsalOptions['outputs'];
}

/** The sandbox of a program that nobody trusts yet. */
export interface RehearsalSandbox {
  readonly way: SandboxWay;
  /** A folder of the program that is trusted. */
  readonly judge: string;
  /** The folder whose packages the program has (providePackages). */
  readonly packages: string;
  /** A file to which AskedOfEngine is written. @default nobody is told */
  readonly askedFile?: string;
  /** @default DEFAULT_LIMITS */
  readonly limits?: Partial<SandboxLimits>;
}

/** What a rehearsal runs: Pulumi, and Helm where charts are at hand to be rendered. */
export interface RehearsalPrograms {
  readonly pulumi: InstalledEngine;
  readonly helm: Helm | undefined;
}

/** How the language host ends what it says of a program that has failed by itself. */
const OUTPUT_SAYS_WHY = 'its output says why.';

const MOST_OUTPUT_CHARACTERS = 8_000;

const MOST_SETTINGS_BYTES = 1024 * 1024;

/** What of a stack outlives its engine: state, salt and passphrase. */
const KEPT = ['backend', 'stack'];

/**
 * A stack that exists only in a temporary folder: Pulumi's engine with a backend of its own, and
 * providers that rehearse. It gets nothing of the user's environment, so no credential either.
 */
export class Rehearsal {
  /** Those that are not removed yet. */
  static readonly #left = new Set<Rehearsal>();
  readonly #stack: string;
  readonly #pulumi: InstalledEngine;
  readonly #helm: Helm | undefined;
  readonly #root: string;
  readonly #running = new Set<ChildProcess>();

  private constructor(stack: string, { pulumi, helm }: RehearsalPrograms) {
    this.#stack = stack;
    this.#pulumi = pulumi;
    this.#helm = helm;
    this.#root = mkdtempSync(path.join(tmpdir(), 'meridian-rehearsal-'));
    for (const folder of ['tmp', 'home']) mkdirSync(this.#path(folder));
    keepNoLog(this.#path('home'));
    Rehearsal.#left.add(this);
  }

  /** Makes the stack; `remove` takes it away again. */
  static async create(stack: string, programs: RehearsalPrograms): Promise<Rehearsal> {
    const rehearsal = new Rehearsal(stack, programs);
    for (const folder of KEPT) mkdirSync(rehearsal.#path(folder));
    const passphrase = randomBytes(32).toString('base64url');
    writeFileSync(rehearsal.#passphraseFile, passphrase, { mode: 0o600 });
    // `stack init` writes its salt beside the Pulumi.yaml it finds, which must not be the clone's.
    writeFileSync(rehearsal.#path('stack/Pulumi.yaml'), 'name: meridian\nruntime: nodejs\n');
    await rehearsal.#succeed(rehearsal.#path('stack'), ['stack', 'init', stack]);
    return rehearsal;
  }

  /** Ends what runs and removes every stack at once, as when somebody breaks off. */
  static removeAll(): void {
    for (const rehearsal of Rehearsal.#left) {
      rehearsal.#running.forEach((child) => child.kill('SIGKILL'));
      rehearsal.remove();
    }
  }

  /** Makes a stack as another one was when it was kept. */
  static from(kept: string, stack: string, programs: RehearsalPrograms): Rehearsal {
    const rehearsal = new Rehearsal(stack, programs);
    for (const folder of KEPT) {
      cpSync(path.join(kept, folder), rehearsal.#path(folder), { recursive: true });
    }
    return rehearsal;
  }

  /** Copies into a folder what makes it again: its state, and the key of what is secret there, for its owner alone. */
  keep(folder: string): void {
    for (const part of KEPT) {
      cpSync(this.#path(part), path.join(folder, part), { recursive: true });
    }
  }

  /** A folder of its own below the temporary one. */
  folder(name: string): string {
    mkdirSync(this.#path(name));
    return this.#path(name);
  }

  /**
   * Brings the stack to what a program says, or shows what that would change. Throws CodedError
   * REHEARSAL_REFUSED with every problem of the program and its objects, or SANDBOX_LIMIT or SANDBOX_REFUSED.
   */
  async run(
    command: 'up' | 'preview',
    { folder, settings = {} }: RehearsedProgram,
    { declaredFile, sandbox, outputs }: RehearsalOrder = {},
  ): Promise<readonly EngineEvent[]> {
    const problems: RehearsalProblem[] = [];
    const asked = new Set<string>();
    const { main } = parseYaml(path.join(sandbox?.judge ?? folder, 'Pulumi.yaml'));
    const helm = this.#helmFor(folder, String(main), sandbox);
    const server = await startRehearsal({
      folder: path.dirname(path.join(folder, String(main))),
      ...(helm === undefined ? {} : { helm }),
      ...(outputs === undefined ? {} : { outputs }),
      ...(this.#stack === localStack ? await resourcesOfThisMachine() : {}),
      onProblem: (problem) => problems.push(problem),
      onAsked: (urn) => asked.add(urn),
    });
    try {
      const project = sandbox === undefined ? folder : this.#project(sandbox.judge, String(main));
      const { exitCode, stdout, stderr } = await this.#pulumiIn(
        project,
        [
          ...[command, '--json', '--stack', this.#stack],
          ...(command === 'up' ? ['--yes', '--skip-preview'] : []),
          ...['--config-file', this.#writeConfig(folder, settings)],
        ],
        {
          ...server.environment,
          ...(declaredFile === undefined ? {} : { [DECLARED_FILE_VARIABLE]: declaredFile }),
          ...(sandbox === undefined
            ? {}
            : this.#sandboxEnvironment(sandbox, {
                ...{ program: folder, main: String(main) },
                ...(declaredFile === undefined ? {} : { declaredFile }),
              })),
        },
      );
      const events = parseEvents(stdout);
      problems.push(...problemsOfUnasked(shownResources(events), asked));
      const errors = [...problems.map(problemText), ...errorsIn(events)];
      if (exitCode === 0 && errors.length === 0) return events;
      const told = errors.length > 0 ? [...new Set(errors)].toSorted() : [stderr.trim()];
      throw refusal(this.#stack, told.map(plainText));
    } finally {
      server.close();
    }
  }

  /**
   * Takes the protection from what holds data, and gives what had it: the engine ends a preview at the first
   * protected resource that would go, and shows nothing. Source: Pulumi 3, step_generator.go ("is protected").
   */
  async unprotect({ folder }: RehearsedProgram): Promise<readonly ProtectedResource[]> {
    const exported = await this.#exported(folder);
    await this.#succeed(folder, ['state', 'unprotect', '--all', '--yes', '--stack', this.#stack]);
    return protectedResources(exported as ExportedStack);
  }

  /** What is deployed, as Pulumi keeps it: secrets are encrypted. */
  async resources({ folder }: RehearsedProgram): Promise<readonly ExportedResource[]> {
    const { deployment } = (await this.#exported(folder)) as ExportedResources;
    return deployment.resources ?? [];
  }

  remove(): void {
    Rehearsal.#left.delete(this);
    rmSync(this.#root, { recursive: true, force: true });
  }

  async #exported(folder: string): Promise<unknown> {
    return JSON.parse(await this.#succeed(folder, ['stack', 'export', '--stack', this.#stack]));
  }

  async #succeed(folder: string, args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#pulumiIn(folder, args, {});
    if (exitCode !== 0) throw new Error(`pulumi ${args.join(' ')} failed: ${stderr}`);
    return stdout;
  }

  get #binary(): string {
    return path.join(this.#pulumi.folder, 'bin/pulumi');
  }

  get #passphraseFile(): string {
    return this.#path('stack/passphrase');
  }

  #path(name: string): string {
    return path.join(this.#root, name);
  }

  async #pulumiIn(
    folder: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<Told> {
    const child = spawn(this.#binary, [...args, '--non-interactive', '--color=never'], {
      cwd: folder,
      env: { ...this.#environment(folder), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    child.on('close', () => this.#running.delete(child));
    const told = await toldBy(child);
    if (told === undefined) throw refusal(this.#stack, [TOO_MUCH]);
    return told;
  }

  /** The program's own language host asks for no plugin, so none is looked for in the network. */
  #searchPath(program: string): string {
    return [
      path.join(program, 'tools/language-host'),
      path.join(this.#pulumi.folder, 'bin'),
      path.dirname(process.execPath),
      '/usr/bin',
      '/bin',
    ].join(path.delimiter);
  }

  #environment(program: string): Readonly<Record<string, string>> {
    return {
      ...childEnvironment(),
      PATH: this.#searchPath(program),
      HOME: this.#path('home'),
      // What a program that is killed leaves goes with the stack.
      TMPDIR: this.#path('tmp'),
      // The engine lives for some seconds and holds some 100 MB: it collects memory less often (Go, runtime/debug).
      GOGC: '400',
      MERIDIAN_NODE: process.execPath,
      MERIDIAN_REHEARSAL: 'true',
      PULUMI_HOME: this.#path('home'),
      PULUMI_BACKEND_URL: pathToFileURL(this.#path('backend')).href,
      PULUMI_CONFIG_PASSPHRASE_FILE: this.#passphraseFile,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: 'true',
      // The state is written once, at the end: after each of 361 resources it takes eight times the CPU.
      PULUMI_EXPERIMENTAL: 'true',
      PULUMI_SKIP_CHECKPOINTS: 'true',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
    };
  }

  /**
   * A project that is the judge's, with nothing in it: by its own Pulumi.yaml a change could have the engine start
   * any program as a plugin or language host.
   */
  #project(judge: string, main: string): string {
    const folder = this.#path('project');
    const { name, runtime } = parseYaml(path.join(judge, 'Pulumi.yaml'));
    mkdirSync(path.dirname(path.join(folder, main)), { recursive: true });
    writeFileSync(path.join(folder, main), '');
    writeFileSync(path.join(folder, 'Pulumi.yaml'), stringify({ name, runtime, main }));
    return folder;
  }

  /** What the judge's language host is told of the program's sandbox. */
  #sandboxEnvironment(
    { judge, ...own }: RehearsalSandbox,
    program: Pick<ProgramSandbox, 'program' | 'main' | 'declaredFile'>,
  ): Readonly<Record<string, string>> {
    const file = this.#path('sandbox.json');
    const sandbox: ProgramSandbox = { ...own, ...program };
    writeFileSync(file, JSON.stringify(sandbox));
    // Whoever is nobody writes it; the folder that it lies in is for this user alone.
    if (program.declaredFile !== undefined) {
      writeFileSync(program.declaredFile, '');
      chmodSync(program.declaredFile, 0o666);
    }
    return { PATH: this.#searchPath(judge), [SANDBOX_VARIABLE]: file };
  }

  /** Helm for the charts of a program: of one in a sandbox they are rendered in another. */
  #helmFor(folder: string, main: string, sandbox: RehearsalSandbox | undefined): Helm | undefined {
    if (this.#helm === undefined || sandbox === undefined) return this.#helm;
    return { ...this.#helm, confined: confinedHelm({ folder, main, way: sandbox.way }) };
  }

  /** The program's configuration under the salt of this stack. */
  #writeConfig(folder: string, settings: Settings): string {
    const own = path.join(folder, `Pulumi.${this.#stack}.yaml`);
    const { config = {} } = existsSync(own) ? parseYaml(ofSettings(own)) : {};
    const { encryptionsalt } = parseYaml(this.#path(`stack/Pulumi.${this.#stack}.yaml`));
    const file = this.#path('config.yaml');
    const merged = { ...(withStandIns(config) as object), ...settings };
    writeFileSync(file, stringify({ encryptionsalt, config: merged }), { mode: 0o600 });
    return file;
  }
}

/** A file of settings has some kilobytes; the change may have put anything in its place. */
function ofSettings(file: string): string {
  const { size } = statSync(file);
  if (size <= MOST_SETTINGS_BYTES) return file;
  throw new CodedError(
    'REHEARSAL_REFUSED',
    `File '${path.basename(file)}': must have at most ${MOST_SETTINGS_BYTES} bytes, got ${size}; keep in it what pulumi config writes`,
  );
}

/** Loaded only for the stack that has such: it brings the clients of every engine along. */
async function resourcesOfThisMachine(): Promise<Pick<RehearsalOptions, 'localResource'>> {
  const { localResource } = await import('@meridian/provider-rehearsal/provider/local-resource.ts');
  return { localResource };
}

/** A program that gives its resources so much is of no use to anybody, and may be meant to keep a review from its end. */
const TOO_MUCH = `The program: must give its resources what Pulumi tells in at most ${MOST_TOLD} characters, got more; give them less`;

/** By the code that the language host ends with where it is the sandbox that a program has met. */
function refusal(stack: string, problems: readonly string[]): CodedError {
  const [code = 'REHEARSAL_REFUSED'] = problems.flatMap(
    (problem) => /\[(SANDBOX_[A-Z]+)\]$/.exec(problem)?.[1] ?? [],
  );
  return new CodedError(code, `Stack '${stack}' cannot be rehearsed:\n${problems.join('\n')}`, {
    problems,
  });
}

function problemText({ urn, message }: RehearsalProblem): string {
  const { type, name } = partsOfUrn(urn);
  return `${type} '${name}': ${message}`;
}

function errorsIn(events: readonly EngineEvent[]): readonly string[] {
  const told = events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []);
  const of = (severity: string): readonly string[] =>
    told.filter((event) => event.severity === severity).map(({ message }) => message);
  const errors = of('error').map((message) => message.trim());
  if (!errors.some((message) => message.endsWith(OUTPUT_SAYS_WHY))) return errors;
  const output = of('info#err').join('').trim();
  return output === '' ? errors : [...errors, output.slice(0, MOST_OUTPUT_CHARACTERS)];
}
