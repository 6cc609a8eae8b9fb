import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import {
  STAND_IN_FILE_VARIABLE,
  type StandInConfigurationFile,
} from '@meridian/language/stand-in-configuration.ts';

const MAIN = fileURLToPath(new URL('../provider-stand-in/main.ts', import.meta.url));

/** The key and the secret that the stand-in of a test is given. */
export const API_KEY = 'test-api-key';
export const WEBHOOK_SECRET = 'test-webhook-secret';

/** The stand-in in a process of its own, with its journal in a folder that outlives it. */
export class StandInProcess {
  readonly folder: string;
  readonly #options: Pick<StandInConfigurationFile, 'webhooks' | 'behaviour'>;
  #child: ChildProcess | undefined;
  #port = 0;

  private constructor(folder: string, options: StandInProcess['webhookOptions']) {
    this.folder = folder;
    this.#options = options;
  }

  /** Where it sends webhooks and how it behaves. */
  get webhookOptions(): Pick<StandInConfigurationFile, 'webhooks' | 'behaviour'> {
    return this.#options;
  }

  static async start(
    folder: string,
    options: Pick<StandInConfigurationFile, 'webhooks' | 'behaviour'>,
  ): Promise<StandInProcess> {
    const standIn = new StandInProcess(folder, options);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'api-key'), `${API_KEY}\n`, { mode: 0o600 });
    writeFileSync(join(folder, 'webhook-secret'), `${WEBHOOK_SECRET}\n`, { mode: 0o600 });
    await standIn.restart();
    return standIn;
  }

  get uri(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts it, again on the port that it had. */
  async restart(): Promise<void> {
    const file = join(this.folder, 'stand-in.json');
    const configuration: StandInConfigurationFile = {
      name: 'payment-provider-stand-in',
      listen: { address: '127.0.0.1', port: this.#port },
      dataFolder: join(this.folder, 'data'),
      secretFiles: {
        'api-key': join(this.folder, 'api-key'),
        'webhook-secret': join(this.folder, 'webhook-secret'),
      },
      ...this.#options,
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

  /** Sends it a request as the service would. */
  async fetch(path: string, init: { key?: string; body?: unknown } = {}): Promise<Response> {
    return fetch(`${this.uri}${path}`, {
      method: init.key === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${API_KEY}`,
        ...(init.key === undefined ? {} : { 'idempotency-key': init.key }),
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
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
