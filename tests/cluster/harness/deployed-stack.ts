import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import {
  parseEvents,
  partsOfUrn,
  type EngineEvent,
} from '../../../tools/meridian/rehearsal/engine-events.ts';
import {
  previewReport,
  type PreviewReport,
} from '../../../tools/meridian/rehearsal/preview-report.ts';
import { cacheFolder } from '../../../tools/engines/cache.ts';
import { pulumiEnvironment } from './pulumi-environment.ts';
import type { ProgramCopy } from './program-copy.ts';
import type { TestCluster } from './test-cluster.ts';

const STACK = 'staging';

/** Flags with which nobody is asked. */
const UNASKED = {
  up: ['--yes', '--skip-preview'],
  preview: [],
  refresh: ['--yes', '--skip-preview'],
  destroy: ['--yes'],
} as const;

type Command = keyof typeof UNASKED;

/** How a command of Pulumi's ended. */
export interface PulumiRun {
  readonly exitCode: number;
  readonly report: PreviewReport;
  readonly events: readonly EngineEvent[];
  /** Errors, each with the name of its resource. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly seconds: number;
}

/** A command that runs. */
export interface BegunRun {
  readonly ended: Promise<PulumiRun>;
  /** Ends the engine, its provider and the program in the same moment, as the loss of a machine does. */
  readonly kill: () => void;
}

/** What a stack is deployed with. */
export interface DeployedStackProps {
  readonly program: ProgramCopy;
  /** Of whoever deploys. */
  readonly kubeconfig: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * The program in the hands of Pulumi's own engine and its real provider for Kubernetes, with a state of its own below the
 * folder of a cluster.
 */
export class DeployedStack implements Disposable {
  readonly #root: string;
  readonly #props: DeployedStackProps;
  readonly #running = new Set<ChildProcess>();

  private constructor(root: string, props: DeployedStackProps) {
    this.#root = root;
    this.#props = props;
  }

  static async create(cluster: TestCluster, props: DeployedStackProps): Promise<DeployedStack> {
    const root = join(cluster.folder, 'pulumi');
    for (const folder of ['home', 'backend']) mkdirSync(join(root, folder), { recursive: true });
    const stack = new DeployedStack(root, props);
    const config = Object.fromEntries(
      Object.entries(props.settings).map(([key, value]) => [`meridian:${key}`, value]),
    );
    writeFileSync(join(props.program.folder, `Pulumi.${STACK}.yaml`), stringify({ config }));
    await stack.succeed('stack', 'init', STACK);
    return stack;
  }

  /** Runs a command to its end, without asking. */
  async run(command: Command, ...flags: readonly string[]): Promise<PulumiRun> {
    return await this.begin(command, ...flags).ended;
  }

  /** Begins a command; whoever asked for it may end it. */
  begin(command: 'up' | 'preview' | 'refresh' | 'destroy', ...flags: readonly string[]): BegunRun {
    const unasked = UNASKED[command];
    const started = performance.now();
    const judged = command === 'up' || command === 'preview' ? ['--policy-pack', this.#pack] : [];
    const child = this.#spawn([
      ...[command, '--json', '--stack', STACK],
      ...unasked,
      ...judged,
      ...flags,
    ]);
    const ended = outputOf(child).then(({ exitCode, stdout, stderr }): PulumiRun => {
      const events = parseEvents(stdout);
      const told = [
        ...messages(events, 'error'),
        ...(events.length === 0 ? [stderr + stdout] : []),
      ];
      return {
        exitCode,
        events,
        report: previewReport(events, { stack: STACK }),
        errors: told,
        warnings: messages(events, 'warning'),
        seconds: (performance.now() - started) / 1_000,
      };
    });
    return {
      ended,
      kill: () => {
        killGroup(child);
      },
    };
  }

  /** Sets a setting of the program's, until the program is restored. */
  async set(key: string, value: string): Promise<void> {
    this.#props.program.keep(`Pulumi.${STACK}.yaml`);
    // Else Pulumi asks about those whose names it takes for a secret's.
    await this.succeed('config', 'set', '--plaintext', '--stack', STACK, `meridian:${key}`, value);
  }

  /** Runs any command of Pulumi's and gives what it prints. Throws Error when it fails. */
  async succeed(...args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await outputOf(this.#spawn(args));
    if (exitCode === 0) return stdout;
    throw new Error(`pulumi ${args.join(' ')} ended with ${exitCode}:\n${stdout}${stderr}`);
  }

  /** Runs the command of the program, as whoever deploys has it, and gives how it ended. */
  async meridian(...args: readonly string[]): Promise<CommandEnd> {
    const child = this.#start([process.execPath, 'tools/meridian/main.ts', ...args], {
      // Engines that are installed, and a place for what a review lays out.
      MERIDIAN_CACHE: cacheFolder(),
      XDG_CACHE_HOME: join(this.#root, 'cache'),
    });
    return await outputOf(child);
  }

  /** Makes a revision of the program as it is, and gives its commit. */
  async commit(): Promise<string> {
    await this.#git('init', '--quiet');
    await this.#git('add', '--all');
    await this.#git('commit', '--quiet', '--message', 'A program');
    return await this.#git('rev-parse', 'HEAD');
  }

  /** Ends what still runs, as after a test that was given up. */
  [Symbol.dispose](): void {
    this.#running.forEach(killGroup);
  }

  /** Folder of the rules that the engine holds every object against. */
  get #pack(): string {
    return join(this.#props.program.folder, 'policies');
  }

  #spawn(args: readonly string[]): ChildProcess {
    return this.#start(['pulumi', ...args, '--non-interactive', '--color=never']);
  }

  async #git(...args: readonly string[]): Promise<string> {
    const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid'];
    const { exitCode, stdout, stderr } = await outputOf(this.#start(['git', ...who, ...args]));
    if (exitCode === 0) return stdout.trim();
    throw new Error(`git ${args.join(' ')} ended with ${exitCode}:\n${stderr}`);
  }

  #start(
    command: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): ChildProcess {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
      cwd: this.#props.program.folder,
      env: {
        ...pulumiEnvironment({
          root: this.#root,
          languageHost: join(this.#props.program.folder, 'tools/language-host'),
          kubeconfig: this.#props.kubeconfig,
        }),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, with all that it starts.
      detached: true,
    });
    this.#running.add(child);
    child.on('close', () => this.#running.delete(child));
    return child;
  }
}

/** How a command ended, and what it printed. */
export interface CommandEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function outputOf(child: ChildProcess): Promise<CommandEnd> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => stdout.push(chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => stderr.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { exitCode: code ?? 1, stdout: stdout.join(''), stderr: stderr.join('') };
}

function messages(events: readonly EngineEvent[], severity: string): readonly string[] {
  return events
    .flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])
    .filter((event) => event.severity === severity)
    .map(
      ({ urn, message }) => `${urn === undefined ? '' : partsOfUrn(urn).name}: ${message.trim()}`,
    );
}

/** Ends a process with all that it started. */
function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}
