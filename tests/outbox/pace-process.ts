import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keptCode } from '@meridian/kit/testing/kept-code.ts';
import type { Told } from './arrivals.ts';

/** What runs in a process of its own. */
export type Part = 'relay' | 'consumer' | 'floor';

/** A process of the benchmark. */
export class PaceProcess {
  /** When each event had its effect in it, by number, each time. */
  readonly arrivals = new Map<number, number[]>();
  readonly #child: ChildProcess;
  readonly #ready = Promise.withResolvers<undefined>();
  #answered = Promise.withResolvers<number>();

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (told: Told) => this.#hear(told));
    child.on('exit', (code) => this.#ready.reject(new Error(`It ended with ${code}`)));
  }

  /** Starts one in a folder that was prepared, and waits until it has begun. */
  static async start(part: Part, folder: string): Promise<PaceProcess> {
    const main = fileURLToPath(new URL(`./${part}-main.ts`, import.meta.url));
    const child = spawn(process.execPath, ['--tls-min-v1.3', main], {
      cwd: folder,
      env: {
        ...keptCode(),
        SERVICE_BINDING_ROOT: join(folder, 'bindings'),
        MERIDIAN_SERVICE_FILE: join(folder, 'config/service.json'),
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const started = new PaceProcess(child);
    await started.#ready.promise;
    return started;
  }

  /** Milliseconds of a processor that it has used so far. */
  async usedMs(): Promise<number> {
    this.#answered = Promise.withResolvers<number>();
    this.#child.send('used');
    return await this.#answered.promise;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }

  #hear(told: Told): void {
    if ('ready' in told) this.#ready.resolve(undefined);
    else if ('usedMs' in told) this.#answered.resolve(told.usedMs);
    else {
      for (const [number, atMs] of told.arrivals) {
        this.arrivals.set(number, [...(this.arrivals.get(number) ?? []), atMs]);
      }
    }
  }
}
