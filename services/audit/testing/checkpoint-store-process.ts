import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExternalBinding } from '@meridian/kit/external/binding.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import {
  STAND_IN_FILE_VARIABLE,
  type StandInConfigurationFile,
} from '@meridian/language/stand-in-configuration.ts';
import { TROUBLE_FILE } from '../checkpoint-store-stand-in/trouble.ts';
import { bindingTo } from './store-binding.ts';

const MAIN = fileURLToPath(new URL('../checkpoint-store-stand-in/main.ts', import.meta.url));

/** What a test may write into the trouble file. */
export type StoreTroubleWord = 'unavailable' | 'full' | 'read-only' | 'slow';

/** The stand-in of the checkpoint store in a process of its own; its folder outlives it. */
export class CheckpointStoreProcess {
  readonly folder: string;
  readonly #behaviour: Readonly<Record<string, number>>;
  #child: ChildProcess | undefined;
  #port = 0;

  private constructor(folder: string, behaviour: Readonly<Record<string, number>>) {
    this.folder = folder;
    this.#behaviour = behaviour;
  }

  static async start(
    folder: string,
    behaviour: Readonly<Record<string, number>> = {},
  ): Promise<CheckpointStoreProcess> {
    const store = new CheckpointStoreProcess(folder, behaviour);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'access-key-id'), 'test-id\n', { mode: 0o600 });
    writeFileSync(join(folder, 'secret-access-key'), 'test-secret\n', { mode: 0o600 });
    await store.restart();
    return store;
  }

  get uri(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Where the objects lie as files. */
  get dataFolder(): string {
    return join(this.folder, 'data');
  }

  /** As a service finds it; its secrets are read again at each use. */
  get binding(): ExternalBinding {
    return bindingTo(this.uri, {}, (name) =>
      readFileSync(join(this.folder, name), 'utf8').trim().split('\n'),
    );
  }

  /** Makes trouble until it is told to stop. */
  trouble(word: StoreTroubleWord | undefined): void {
    const file = join(this.dataFolder, TROUBLE_FILE);
    if (word === undefined) rmSync(file, { force: true });
    else writeFileSync(file, `${word}\n`);
  }

  /** Starts it, again on the port that it had; one that still runs is killed. */
  async restart(): Promise<void> {
    await this.stop('SIGKILL');
    const file = join(this.folder, 'stand-in.json');
    const configuration: StandInConfigurationFile = {
      name: 'checkpoint-store-stand-in',
      listen: { address: '127.0.0.1', port: this.#port },
      dataFolder: this.dataFolder,
      secretFiles: {
        'access-key-id': join(this.folder, 'access-key-id'),
        'secret-access-key': join(this.folder, 'secret-access-key'),
      },
      parameters: {
        bucket: this.binding.parameter('bucket'),
        region: this.binding.parameter('region'),
      },
      behaviour: this.#behaviour,
    };
    writeFileSync(file, JSON.stringify(configuration));
    const child = spawn(process.execPath, [MAIN], {
      env: { [STAND_IN_FILE_VARIABLE]: file },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    try {
      await eventually(() => {
        const [, port] = /on http:\/\/127\.0\.0\.1:(\d+)/.exec(output) ?? [];
        if (port === undefined) throw new Error(`the stand-in has not started: ${output}`);
        this.#port = Number(port);
      }, 60_000);
    } catch (error) {
      await this.stop('SIGKILL');
      throw error;
    }
  }

  /** Ends it, at once and without a word with SIGKILL. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
