import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { linkPackages } from '../../tools/meridian/rehearsal/link-packages.ts';

const PROGRAM = path.dirname(path.dirname(import.meta.dirname));
const NOT_OF_THE_PROGRAM = /^(\.git|node_modules|coverage|\.meridian.*)$/;

/** How a command ended, and what it printed. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program in a clone of its own, below a temporary folder, with all that a test needs to change and run it. */
export class ProgramClone implements Disposable {
  /** The temporary folder. */
  readonly root = mkdtempSync(path.join(tmpdir(), 'meridian-clone-'));
  readonly folder = path.join(this.root, 'clone');

  constructor() {
    mkdirSync(path.join(this.root, 'tmp'));
    cpSync(PROGRAM, this.folder, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => !NOT_OF_THE_PROGRAM.test(path.basename(file)),
    });
    linkPackages(PROGRAM, this.folder);
  }

  /** Makes a repository of it, with one commit of all that there is. */
  async commitAll(): Promise<void> {
    await this.git('init', '--quiet', '--initial-branch=main');
    await this.git('add', '.');
    await this.git('commit', '--quiet', '--message', 'A program');
  }

  /** Replaces what Pulumi's file of a stack sets. */
  settings(stack: string, config: object): void {
    writeFileSync(path.join(this.folder, `Pulumi.${stack}.yaml`), JSON.stringify({ config }));
  }

  /** Changes a file, which must have what is to be changed; gives what puts it back. */
  edit(file: string, from: string | RegExp, to: string): () => void {
    const place = path.join(this.folder, file);
    const text = readFileSync(place, 'utf8');
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`${file} has no ${String(from)}`);
    writeFileSync(place, edited);
    return () => writeFileSync(place, text);
  }

  /** Runs a program in the clone to its end. */
  run(
    file: string,
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ): Promise<CommandResult> {
    return new Promise((resolve) => {
      const options = {
        cwd: this.folder,
        env: this.#environment(environment),
        maxBuffer: 64 * 1024 * 1024,
      };
      execFile(file, args, options, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      });
    });
  }

  /** Runs the command of the clone. */
  meridian(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    return this.run(process.execPath, ['tools/meridian/main.ts', ...args], {
      NODE_OPTIONS: '',
      ...environment,
    });
  }

  /** Begins the command of the clone; whoever asked for it ends it. */
  begin(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(process.execPath, ['tools/meridian/main.ts', ...args], {
      cwd: this.folder,
      env: { ...this.#environment(environment), NODE_OPTIONS: '' },
      stdio: 'ignore',
    });
  }

  #environment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return { ...process.env, TMPDIR: path.join(this.root, 'tmp'), ...environment };
  }

  /** Runs git; gives what it prints. Throws Error when it fails. */
  async git(...args: readonly string[]): Promise<string> {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid'];
    const { exitCode, stdout, stderr } = await this.run('git', [...identity, ...args]);
    if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
