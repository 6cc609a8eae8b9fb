import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  STAND_IN_FILE_VARIABLE,
  type StandInConfigurationFile,
} from '@meridian/language/stand-in-configuration.ts';
import { eventually } from './eventually.ts';
import { keptCode } from './kept-code.ts';

/** What a stand-in is told, but for where it listens, what it keeps and where its secrets are. */
export type StandInOptions = Omit<
  StandInConfigurationFile,
  'listen' | 'dataFolder' | 'secretFiles'
>;

/** What stands in for a system outside the platform, in a process of its own; its folder outlives it. */
export class StandInProcess {
  readonly folder: string;
  readonly #main: string;
  readonly #secretFiles: Readonly<Record<string, string>>;
  readonly #options: StandInOptions;
  #child: ChildProcess | undefined;
  #port = 0;

  /**
   * Writes its secrets; restart() starts it.
   *
   * @param main its main file
   */
  constructor(
    main: string,
    folder: string,
    secrets: Readonly<Record<string, string>>,
    options: StandInOptions,
  ) {
    this.folder = folder;
    this.#main = main;
    this.#options = options;
    mkdirSync(folder, { recursive: true });
    this.#secretFiles = Object.fromEntries(
      Object.entries(secrets).map(([name, secret]) => {
        const file = join(folder, name);
        writeFileSync(file, `${secret}\n`, { mode: 0o600 });
        return [name, file];
      }),
    );
  }

  get uri(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Where it keeps what outlives it. */
  get dataFolder(): string {
    return join(this.folder, 'data');
  }

  /** Starts it, again on the port that it had; one that still runs is killed. */
  async restart(): Promise<void> {
    await this.stop('SIGKILL');
    const file = join(this.folder, 'stand-in.json');
    const configuration: StandInConfigurationFile = {
      ...this.#options,
      listen: { address: '127.0.0.1', port: this.#port },
      dataFolder: this.dataFolder,
      secretFiles: this.#secretFiles,
    };
    writeFileSync(file, JSON.stringify(configuration));
    const child = spawn(process.execPath, [this.#main], {
      env: { ...keptCode(), [STAND_IN_FILE_VARIABLE]: file },
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
