import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_INTERVAL_MS = 50;
const STOP_GRACE_MS = 10_000;
const SHOWN_LOG_LINES = 25;

/** What is started, and how one knows that it answers. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
  /** Asked until it says so. @default ready at once */
  readonly isReady?: () => Promise<boolean>;
  /** A machine that does other things besides takes its time. @default 180 s */
  readonly startTimeoutMs?: number;
}

/**
 * Processes of one cluster. All of them end with this process, however it ends, and before the
 * cluster's folder is removed.
 */
export class Processes {
  readonly #folder: string;
  readonly #running = new Map<string, ChildProcess>();

  /** @param folder gets the logs, and is the home of every process */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Starts a process and waits until it answers; throws with the end of its log when it does not. */
  async start(spec: ProcessSpec): Promise<void> {
    const log = openSync(this.#logFile(spec.name), 'a');
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...spec.command], {
      cwd: this.#folder,
      env: { PATH: process.env['PATH'], HOME: this.#folder, ...spec.environment },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#running.set(spec.name, child);
    const deadline = Date.now() + (spec.startTimeoutMs ?? 180_000);
    while (!(await (spec.isReady?.() ?? true))) {
      if (hasEnded(child)) throw this.#failure(spec.name, 'ended while it started');
      if (Date.now() > deadline) throw this.#failure(spec.name, 'did not get ready');
      await delay(POLL_INTERVAL_MS);
    }
  }

  /** Throws when a process has ended that should run. */
  check(): void {
    for (const [name, child] of this.#running) {
      if (hasEnded(child)) throw this.#failure(name, 'has ended');
    }
  }

  /** Stops them, the newest first: nothing loses what it talks to before it ends. */
  async stop(): Promise<void> {
    for (const [name, child] of [...this.#running].toReversed()) {
      await stopChild(child);
      this.#running.delete(name);
    }
  }

  #logFile(name: string): string {
    return join(this.#folder, `${name}.log`);
  }

  #failure(name: string, what: string): Error {
    const lines = readFileSync(this.#logFile(name), 'utf8').split('\n').slice(-SHOWN_LOG_LINES);
    return new Error(`${name} ${what}. Its last lines:\n${lines.join('\n')}`);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await exited;
  clearTimeout(timer);
}
