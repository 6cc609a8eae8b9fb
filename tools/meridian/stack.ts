import { spawn } from 'node:child_process';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { ensureFolder, writeFileAtomic } from '@meridian/provider-local/machine/atomic-file.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { InstalledEngine } from '../engines/engine.ts';
import { run } from '../engines/run.ts';
import { localStackSettings } from './kept-settings.ts';
import { LocalSettingsFiles, saltIn, writeConfig } from './local-settings.ts';
import { localStack } from './places.ts';
import { PulumiBackend } from './pulumi-backend.ts';
import {
  childEnvironment,
  passphraseFile,
  pulumiEnvironment,
  writePulumiCommand,
} from './pulumi-environment.ts';
import { removeStaleLocks } from './pulumi-locks.ts';
import { ensureSecret, holdsSecret } from './random-secret.ts';
import { showOutput } from './reader.ts';
import type { Settings } from './stack-config.ts';

const PASSPHRASE_BYTES = 32;

/** Settings that a command was given. */
export interface GivenSettings {
  readonly settings?: Settings;
  /** Whether they hold for this command only. @default false */
  readonly once?: boolean;
}

/** How Pulumi is run for the user to see. */
export interface InteractiveOptions {
  /** For scripts: no colours, and its output on standard error. */
  readonly quiet: boolean;
  /** A file for the engine's events, one a line. */
  readonly eventLog?: string;
}

/** How Pulumi ended that the user saw. */
export interface InteractiveEnd {
  readonly exitCode: number;
  /** Whether the user wanted it to end. */
  readonly interrupted: boolean;
}

/** The local stack in Pulumi's hands. */
export class Stack {
  readonly folders: Folders;
  readonly #pulumi: InstalledEngine;
  readonly #backend: PulumiBackend;
  readonly #settings: LocalSettingsFiles;
  #environment: Readonly<Record<string, string>>;

  /**
   * @param folders of the local stack, created
   * @param pulumi the CLI to use
   */
  constructor(folders: Folders, pulumi: InstalledEngine) {
    this.folders = folders;
    this.#pulumi = pulumi;
    this.#backend = new PulumiBackend(
      path.join(folders.state, 'pulumi'),
      path.join(folders.state, 'pulumi-home'),
    );
    this.#settings = new LocalSettingsFiles(folders);
    const inherited = childEnvironment();
    this.#environment = {
      ...inherited,
      ...pulumiEnvironment(folders),
      PATH: [path.join(pulumi.folder, 'bin'), path.dirname(process.execPath), inherited['PATH']]
        .filter((folder) => folder !== undefined)
        .join(path.delimiter),
    };
  }

  get #binary(): string {
    return path.join(this.#pulumi.folder, 'bin/pulumi');
  }

  /**
   * Makes the stack if need be, puts right what a power cut has torn, and brings the configuration up
   * to date: the program's Pulumi.local.yaml, and over it what this user has set for this machine.
   * They have been checked before (preflight.ts).
   *
   * @throws {CodedError} STACK_FILE_UNREADABLE, STACK_BUSY, PASSPHRASE_LOST
   */
  async prepare(given: GivenSettings = {}): Promise<void> {
    const settings = localStackSettings(this.folders, given.settings, this.folders.program);
    settings.healed.forEach(say);
    await ensureFolder(path.join(this.folders.state, 'pulumi'));
    this.#refuseIfBusy();
    (await this.#backend.heal()).forEach(say);
    const kept = given.once === true ? settings.kept : settings.all;
    let salt = (await this.#isPassphraseLost()) ? undefined : settings.salt;
    await this.#settings.write(settings.fromProgram, kept, salt);
    // Not before nothing is left under the passphrase before: what is broken off here begins again.
    await ensureSecret(passphraseFile(this.folders), PASSPHRASE_BYTES);
    if (!this.#backend.hasStack) {
      salt = await this.#init();
      await this.#settings.write(settings.fromProgram, kept, salt);
    }
    if (given.once === true) {
      this.#environment = { ...this.#environment, PULUMI_OPTION_CONFIG_FILE: this.#onceFile };
      await writeConfig(this.#onceFile, settings.all, salt);
    }
    await writePulumiCommand(this.folders, this.#pulumi);
  }

  /** Settings that hold for one command only. */
  get #onceFile(): string {
    return path.join(path.dirname(this.#settings.config), 'once.yaml');
  }

  #refuseIfBusy(): void {
    const holder = removeStaleLocks(this.#backend.locks);
    if (holder === undefined) return;
    throw new CodedError(
      'STACK_BUSY',
      `Stack '${localStack}': another Pulumi (process ${holder}) is at work on it; wait for it to end, or stop it with Ctrl-C where it runs.`,
    );
  }

  /** Whether there must be a new passphrase; the state is made one that the old one is not needed for. */
  async #isPassphraseLost(): Promise<boolean> {
    const file = passphraseFile(this.folders);
    if (await holdsSecret(file, PASSPHRASE_BYTES)) return false;
    if (!this.#backend.hasStack) return true;
    await this.#backend.forgetPassphrase(file);
    say(`Passphrase ${file} was torn or gone, and nothing was kept under it; it is a new one.`);
    return true;
  }

  /** `stack init` writes its salt beside the Pulumi.yaml it finds; ours must not be the clone's. */
  async #init(): Promise<string | undefined> {
    const folder = path.dirname(this.#settings.config);
    await writeFileAtomic(path.join(folder, 'Pulumi.yaml'), 'name: meridian\nruntime: nodejs\n');
    await this.capture(['stack', 'init', localStack], folder);
    return saltIn(this.#settings.config);
  }

  /** Resources that were being created when an earlier run was killed; creating is idempotent here. */
  async clearPendingOperations(): Promise<void> {
    if (!this.#backend.hasPendingOperations()) return;
    await this.capture([
      ...['refresh', '--yes', '--skip-preview', '--clear-pending-creates'],
      ...['--stack', localStack],
    ]);
  }

  /** Runs Pulumi with the terminal as its own (or, for scripts, its output on standard error). */
  async interactive(
    args: readonly string[],
    { quiet, eventLog }: InteractiveOptions,
  ): Promise<InteractiveEnd> {
    const terminal = process.stdin.isTTY && process.stdout.isTTY && !quiet;
    const child = spawn(
      this.#binary,
      [
        ...[...args, '--stack', localStack],
        ...(eventLog === undefined ? [] : ['--event-log', eventLog]),
        ...(terminal ? [] : ['--non-interactive', '--color=never']),
      ],
      {
        cwd: this.folders.program,
        // The event log is one of its commands for developers.
        env: { ...this.#environment, PULUMI_DEBUG_COMMANDS: 'true' },
        stdio: terminal ? 'inherit' : ['inherit', 'pipe', 'pipe'],
      },
    );
    showOutput(child, { quiet });
    // Pulumi gets Ctrl-C from the terminal as we do: once it ends in good order, twice it breaks off.
    let interrupted = false;
    const note = (): void => {
      interrupted = true;
    };
    const forward = (): void => {
      interrupted = true;
      child.kill('SIGINT');
    };
    process.on('SIGINT', note).on('SIGTERM', forward);
    try {
      return await new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code) => resolve({ exitCode: code ?? 130, interrupted }));
      });
    } finally {
      process.off('SIGINT', note).off('SIGTERM', forward);
    }
  }

  /** Runs Pulumi out of sight. */
  async capture(args: readonly string[], cwd = this.folders.program): Promise<string> {
    return await run({
      argv: [this.#binary, ...args, '--non-interactive', '--color=never'],
      cwd,
      environment: this.#environment,
      isolated: true,
    });
  }

  /** The outputs of the last deployment. */
  outputs(): unknown {
    return this.#backend.outputs();
  }
}

function say(sentence: string): void {
  process.stderr.write(`meridian: ${sentence}\n`);
}
