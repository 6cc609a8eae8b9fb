import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keptCode } from './kept-code.ts';

/** What a main file is given beside its folder. */
export interface MainProcessOptions {
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A main file in a process of its own, started in a prepared folder as an agent would. */
export class MainProcess {
  readonly #child: ChildProcess;
  #output = '';

  constructor(main: URL, folder: string, options: MainProcessOptions = {}) {
    const child = spawn(
      process.execPath,
      ['--tls-min-v1.3', fileURLToPath(main), ...(options.arguments ?? [])],
      {
        cwd: folder,
        env: {
          ...keptCode(),
          SERVICE_BINDING_ROOT: join(folder, 'bindings'),
          MERIDIAN_SERVICE_FILE: join(folder, 'config/service.json'),
          ...options.environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (this.#output += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.#output += chunk));
    this.#child = child;
  }

  /** All that it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Waits until it ends by itself and all its output is here; gives the exit code, -1 for a signal. */
  async ended(): Promise<number> {
    await once(this.#child, 'close');
    return this.#child.exitCode ?? -1;
  }

  /** Sends a signal that does not end it, such as SIGCONT. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends it as an agent does, or as another signal says, unless it has ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}

/** The status that the ops server of a process answers on a path such as '/readyz'. */
export async function opsStatus(port: number, path: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
}
