import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PlatformError } from '@meridian/components/model/platform-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { stringify } from 'yaml';
import { processStartTime } from '../bootstrap/process-lock.mjs';
import type { InstalledEngine } from '../engines/engine.ts';
import { run } from '../engines/run.ts';
import { localStackSettings, programConfigFile } from './kept-settings.ts';
import { localStack } from './places.ts';
import {
  configFile,
  passphraseFile,
  pulumiEnvironment,
  writePulumiCommand,
} from './pulumi-environment.ts';
import { showOutput } from './reader.ts';
import { parseYaml } from './stack-config.ts';
import type { Settings } from './stack-config.ts';

/** Settings that a command was given. */
export interface GivenSettings {
  readonly settings?: Settings;
  /** Whether they hold for this command only. @default false */
  readonly once?: boolean;
}

/** The local stack in Pulumi's hands. */
export class Stack {
  readonly folders: Folders;
  readonly #binary: string;
  #environment: Readonly<Record<string, string>>;

  /**
   * @param folders of the local stack, created
   * @param pulumi the CLI to use
   */
  constructor(folders: Folders, pulumi: InstalledEngine) {
    this.folders = folders;
    const binaries = path.join(pulumi.folder, 'bin');
    this.#binary = path.join(binaries, 'pulumi');
    this.#environment = {
      ...pulumiEnvironment(folders),
      PATH: [binaries, path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
    };
    writePulumiCommand(folders, pulumi);
  }

  /** Whether the stack has been made. */
  get exists(): boolean {
    return existsSync(configFile(this.folders)) && existsSync(this.#checkpoint);
  }

  get #checkpoint(): string {
    return path.join(this.folders.state, `pulumi/.pulumi/stacks/meridian/${localStack}.json`);
  }

  /**
   * Makes the stack if need be and brings its configuration up to date: the program's
   * Pulumi.local.yaml, and over it what this user has set for this machine.
   * They have been checked before (preflight.ts).
   */
  async prepare(given: GivenSettings = {}): Promise<void> {
    const { state } = this.folders;
    const settings = localStackSettings(this.folders, given.settings);
    mkdirSync(path.join(state, 'pulumi'), { recursive: true, mode: 0o700 });
    const passphrase = passphraseFile(this.folders);
    if (!existsSync(passphrase)) {
      writeFileSync(passphrase, randomBytes(32).toString('base64url'), { mode: 0o600 });
    }
    if (!this.exists) await this.#init();
    const { encryptionsalt } = parseYaml(configFile(this.folders));
    const write = (file: string, config: Settings): void => {
      writeFileSync(file, stringify({ encryptionsalt, config }), { mode: 0o600 });
    };
    write(configFile(this.folders), given.once === true ? settings.kept : settings.all);
    if (given.once === true) {
      this.#environment = { ...this.#environment, PULUMI_OPTION_CONFIG_FILE: this.#onceFile };
      write(this.#onceFile, settings.all);
    }
    const fromProgram = JSON.stringify(settings.fromProgram);
    writeFileSync(programConfigFile(this.folders), fromProgram, { mode: 0o600 });
    await this.#removeStaleLocks();
  }

  /** Settings that hold for one command only. */
  get #onceFile(): string {
    return path.join(path.dirname(configFile(this.folders)), 'once.yaml');
  }

  /** `stack init` writes its salt beside the Pulumi.yaml it finds; ours must not be the clone's. */
  async #init(): Promise<void> {
    const folder = path.dirname(configFile(this.folders));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path.join(folder, 'Pulumi.yaml'), 'name: meridian\nruntime: nodejs\n');
    const command = existsSync(this.#checkpoint) ? 'select' : 'init';
    await this.capture(['stack', command, localStack], folder);
  }

  /** A lock whose process has ended, killed or crashed, would block every later command. */
  async #removeStaleLocks(): Promise<void> {
    const locks = path.join(this.folders.state, 'pulumi/.pulumi/locks');
    if (!existsSync(locks)) return;
    const alive = readdirSync(locks, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(path.join(locks, file), 'utf8')) as { pid?: number })
      .map(({ pid }) => pid ?? 0);
    if (alive.length === 0) return;
    const holder = alive.find((pid) => processStartTime(pid) !== undefined);
    if (holder !== undefined) {
      throw new PlatformError(
        'STACK_BUSY',
        `Stack '${localStack}': another Pulumi (process ${holder}) is at work on it; wait for it to end, or stop it with Ctrl-C where it runs.`,
      );
    }
    await this.capture(['cancel', '--yes', '--stack', localStack]);
  }

  /** Resources that were being created when an earlier run was killed; creating is idempotent here. */
  async clearPendingOperations(): Promise<void> {
    const checkpoint = JSON.parse(readFileSync(this.#checkpoint, 'utf8')) as {
      checkpoint?: { latest?: { pending_operations?: readonly unknown[] } };
    };
    if ((checkpoint.checkpoint?.latest?.pending_operations ?? []).length === 0) return;
    await this.capture([
      ...['refresh', '--yes', '--skip-preview', '--clear-pending-creates'],
      ...['--stack', localStack],
    ]);
  }

  /** Runs Pulumi with the terminal as its own (or, for scripts, its output on standard error). */
  async interactive(
    args: readonly string[],
    options: { readonly quiet: boolean },
  ): Promise<number> {
    const terminal = process.stdin.isTTY && process.stdout.isTTY && !options.quiet;
    const child = spawn(
      this.#binary,
      [...args, '--stack', localStack, ...(terminal ? [] : ['--non-interactive', '--color=never'])],
      {
        cwd: this.folders.program,
        env: { ...process.env, ...this.#environment },
        stdio: terminal ? 'inherit' : ['inherit', 'pipe', 'pipe'],
      },
    );
    showOutput(child, { quiet: options.quiet });
    // Pulumi gets Ctrl-C from the terminal as we do: once it ends in good order, twice it breaks off.
    const ignore = (): void => undefined;
    const forward = (): void => {
      child.kill('SIGINT');
    };
    process.on('SIGINT', ignore).on('SIGTERM', forward);
    try {
      return await new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code) => resolve(code ?? 130));
      });
    } finally {
      process.off('SIGINT', ignore).off('SIGTERM', forward);
    }
  }

  /** Runs Pulumi out of sight. */
  async capture(args: readonly string[], cwd = this.folders.program): Promise<string> {
    return await run({
      argv: [this.#binary, ...args, '--non-interactive', '--color=never'],
      cwd,
      environment: this.#environment,
    });
  }

  /** The outputs of the last deployment. */
  async outputs(): Promise<unknown> {
    return JSON.parse(await this.capture(['stack', 'output', '--json', '--stack', localStack]));
  }
}
