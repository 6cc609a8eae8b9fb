import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { foldersEnvironment } from '../folders.ts';
import type { Folders } from '../folders.ts';
import { asOrdinaryUser, giveToUser, makeUserFolder, removeFolder } from './ordinary-user.ts';

const PROVIDER = join(import.meta.dirname, '..');
const REPOSITORY = join(PROVIDER, '..', '..');

// Looked for as soon as a suite is read: without it that is told once, and not by each test and what cleans up.
const PULUMI = pulumiExecutable();

export interface PulumiResult {
  readonly exitCode: number;
  /** Standard output and error. */
  readonly output: string;
}

/** A Pulumi project in a temporary folder that runs lifecycle-program.ts with the real engine. */
export class PulumiProject {
  readonly folders: Folders;
  readonly #root: string;
  readonly #environment: Readonly<Record<string, string>>;

  constructor() {
    const root = makeUserFolder();
    this.#root = root;
    this.folders = {
      state: join(root, 'state'),
      data: join(root, 'data'),
      runtime: join(root, 'run'),
      cache: join(root, 'cache'),
      program: join(root, 'program'),
    };
    for (const folder of ['home', 'backend', 'state', 'data', 'cache', 'program']) {
      mkdirSync(join(root, folder));
      giveToUser(join(root, folder));
    }
    // No log of the engine: tools/engines/pulumi-log.ts says why.
    writeFileSync(join(root, 'home/logs'), '');
    mkdirSync(join(this.folders.program, 'migrations'));
    this.#writeProgram();
    this.#environment = environmentOf(root, this.folders);
  }

  /** Puts a file into the program's folder. */
  write(path: string, content: string): void {
    writeFileSync(join(this.folders.program, path), content);
  }

  /** Sets what lifecycle-program.ts reads. */
  setSettings(settings: object): void {
    this.write('settings.json', JSON.stringify(settings));
  }

  /** Runs the CLI to its end, as an ordinary user. */
  async pulumi(...args: readonly string[]): Promise<PulumiResult> {
    return finished(this.start(...args));
  }

  start(...args: readonly string[]): ChildProcess {
    const command = [PULUMI, ...args, '--non-interactive', '--color', 'never'];
    const [file = '', ...rest] = asOrdinaryUser(command);
    return spawn(file, rest, {
      cwd: this.folders.program,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  remove(): void {
    removeFolder(this.#root);
  }

  #writeProgram(): void {
    const program = join(import.meta.dirname, 'lifecycle-program.ts');
    this.write(
      'Pulumi.yaml',
      [
        'name: lifecycle',
        'runtime: { name: nodejs, options: { typescript: false } }',
        'main: index.ts',
        `plugins: { providers: [{ name: meridian-local, path: ${PROVIDER} }] }`,
        '',
      ].join('\n'),
    );
    this.write('package.json', '{ "type": "module" }\n');
    this.write('index.ts', `import ${JSON.stringify(program)};\n`);
    this.write('Pulumi.test.yaml', '');
    giveToUser(join(this.folders.program, 'Pulumi.test.yaml'));
    symlinkSync(join(REPOSITORY, 'node_modules'), join(this.folders.program, 'node_modules'));
  }
}

/** Waits for the end of a process and collects what it wrote. */
export async function finished(child: ChildProcess): Promise<PulumiResult> {
  const parts: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => parts.push(part));
  child.stderr?.on('data', (part: Buffer) => parts.push(part));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
  return { exitCode, output: Buffer.concat(parts).toString() };
}

/** The Pulumi in the folder `MERIDIAN_PULUMI_BIN`, which `npm test` sets. */
function pulumiExecutable(): string {
  const path = join(process.env['MERIDIAN_PULUMI_BIN'] ?? '', 'pulumi');
  if (!existsSync(path)) {
    throw new Error(`No Pulumi at '${path}': run 'npm test', or set MERIDIAN_PULUMI_BIN`);
  }
  return path;
}

function environmentOf(root: string, folders: Folders): Readonly<Record<string, string>> {
  return {
    // Node.js 24 comes first: whatever `node` is on this machine may be another one.
    PATH: [dirname(PULUMI), dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
    HOME: join(root, 'home'),
    LANG: 'C.UTF-8',
    MERIDIAN_LANGUAGE_HOST: join(REPOSITORY, 'tools/language-host/pulumi-language-nodejs'),
    MERIDIAN_NODE: process.execPath,
    // As the command itself has it, and `npm test` for all of its suites: what Node.js makes of the
    // TypeScript is kept for the next run.
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(root, 'home/compile'),
    PULUMI_HOME: join(root, 'home'),
    PULUMI_BACKEND_URL: `file://${join(root, 'backend')}`,
    PULUMI_CONFIG_PASSPHRASE: 'test',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    ...foldersEnvironment(folders),
    // Plain Pulumi passes the user's own settings on, which are meant for other servers.
    PGOPTIONS: '-c default_transaction_read_only=on',
    PGSSLMODE: 'require',
    grpc_proxy: 'http://127.0.0.1:9',
    no_grpc_proxy: '127.0.0.0/8',
  };
}
