import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startRehearsal } from '../rehearsal-server.ts';
import type { RehearsalServer } from '../rehearsal-server.ts';
import type { RehearsalOptions } from '../provider/rehearsal-service.ts';
import { builtHelm } from './built-helm.ts';

const REPOSITORY = path.join(import.meta.dirname, '../../..');
const STACK = 'test';

// Looked for as soon as a suite is read: without them it is told once that none of it can run, and not by each test and what cleans up.
const PULUMI = pulumiExecutable();
const HELM = builtHelm();

/** What a run of the CLI ended with. */
export interface PulumiResult {
  readonly exitCode: number;
  /** Standard output and error. */
  readonly output: string;
}

/** A Pulumi project in a temporary folder, run by the real engine against a rehearsal. */
export class RehearsedProject {
  readonly folder: string;
  readonly #root: string;
  readonly #rehearsal: RehearsalServer;

  private constructor(root: string, rehearsal: RehearsalServer) {
    this.#root = root;
    this.#rehearsal = rehearsal;
    this.folder = path.join(root, 'program');
  }

  /** @param options what a preview knows, and who is told of what is asked */
  static async create(
    options: Pick<RehearsalOptions, 'outputs' | 'onAsked' | 'onProblem'> = {},
  ): Promise<RehearsedProject> {
    const root = mkdtempSync(path.join(tmpdir(), 'meridian-rehearsal-'));
    for (const folder of ['program', 'home', 'backend']) mkdirSync(path.join(root, folder));
    // No log of the engine: tools/engines/pulumi-log.ts says why.
    writeFileSync(path.join(root, 'home/logs'), '');
    const project = new RehearsedProject(
      root,
      await startRehearsal({ ...options, folder: path.join(root, 'program'), helm: HELM }),
    );
    project.write(
      'Pulumi.yaml',
      'name: sample\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n',
    );
    project.write('package.json', '{ "type": "module" }\n');
    symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(project.folder, 'node_modules'));
    await project.succeed('stack', 'init', STACK);
    return project;
  }

  /** Puts a file into the program's folder. */
  write(file: string, content: string): void {
    const target = path.join(this.folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  /** The text of the stack's state, as it lies on disk. */
  state(): string {
    return readFileSync(
      path.join(this.#root, `backend/.pulumi/stacks/sample/${STACK}.json`),
      'utf8',
    );
  }

  /** Identities of every resource of the rehearsed packages, sorted. */
  ids(): readonly string[] {
    const { checkpoint } = JSON.parse(this.state()) as {
      readonly checkpoint: {
        readonly latest: {
          readonly resources: readonly { readonly id?: string; readonly type: string }[];
        };
      };
    };
    return checkpoint.latest.resources
      .filter(({ type }) => type.startsWith('kubernetes:'))
      .map(({ id = '' }) => id)
      .toSorted();
  }

  /** Runs the CLI to its end. Throws Error with its output when it fails. */
  async succeed(...args: readonly string[]): Promise<string> {
    const { exitCode, output } = await this.pulumi(...args);
    if (exitCode === 0) return output;
    throw new Error(`pulumi ${args.join(' ')} ended with ${exitCode}:\n${output}`);
  }

  /** Runs the CLI to its end. */
  pulumi(...args: readonly string[]): Promise<PulumiResult> {
    return new Promise((resolve) => {
      execFile(
        PULUMI,
        [...args, '--non-interactive', '--color=never'],
        { cwd: this.folder, env: this.#environment(), maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => {
          const exitCode = error === null ? 0 : Number(error.code ?? 1);
          resolve({ exitCode, output: `${stdout}${stderr}` });
        },
      );
    });
  }

  remove(): void {
    this.#rehearsal.close();
    rmSync(this.#root, { recursive: true, force: true });
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      // Node.js 24 comes first: whatever `node` is on this machine may be another one.
      PATH: [path.dirname(PULUMI), path.dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
      HOME: path.join(this.#root, 'home'),
      MERIDIAN_LANGUAGE_HOST: path.join(REPOSITORY, 'tools/language-host/pulumi-language-nodejs'),
      MERIDIAN_NODE: process.execPath,
      // As the command itself has it, and `npm test` for all of its suites: what Node.js makes of a
      // program is kept for the next run.
      NODE_COMPILE_CACHE:
        process.env['NODE_COMPILE_CACHE'] ?? path.join(this.#root, 'home/compile'),
      PULUMI_HOME: path.join(this.#root, 'home'),
      PULUMI_BACKEND_URL: `file://${path.join(this.#root, 'backend')}`,
      PULUMI_CONFIG_PASSPHRASE: 'test',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      ...this.#rehearsal.environment,
    };
  }
}

/** The Pulumi in the folder `MERIDIAN_PULUMI_BIN`, which `npm test` sets. */
function pulumiExecutable(): string {
  const file = path.join(process.env['MERIDIAN_PULUMI_BIN'] ?? '', 'pulumi');
  if (existsSync(file)) return file;
  throw new Error(`No Pulumi at '${file}': run 'npm test', or set MERIDIAN_PULUMI_BIN`);
}
