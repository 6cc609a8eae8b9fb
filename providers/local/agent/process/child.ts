import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { delayUntil } from './probe.ts';
import {
  identify,
  isSameProcess,
  killProcess,
  membersOfSession,
  startTimeOf,
} from '../../machine/process-table.ts';
import type { LogFile } from './log-file.ts';
import type { ProcessIdentity } from '../../machine/process-table.ts';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly at: string;
}

export interface LaunchOptions {
  readonly command: readonly string[];
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
}

/**
 * `setpriv` makes the kernel kill the child when the agent dies; the shell then sees to the moment
 * before that was in force: if the agent is not its parent any more, it has died meanwhile.
 */
const GUARD = '[ "$PPID" = "$1" ] || exit 125; shift; exec "$@"';

/** A helper that keeps a pipe open after the process has ended is not waited for longer. */
const OUTPUT_GRACE_MS = 10_000;

/** A process that was started, as the leader of a session of its own. */
export class Child {
  readonly identity: ProcessIdentity;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it has ended and nothing of its session is left. */
  readonly exited: Promise<Exit>;
  /** Aborted when it has ended. */
  readonly ended: AbortSignal;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;

  constructor(process: ChildProcessByStdio<null, Readable, Readable>, identity: ProcessIdentity) {
    this.identity = identity;
    this.stdout = process.stdout;
    this.stderr = process.stderr;
    this.#process = process;
    const ended = new AbortController();
    this.ended = ended.signal;
    this.exited = new Promise((resolve) => {
      process.once('exit', (code, signal) => {
        killSession(identity);
        closeOutput(process);
        resolve({ code, signal, at: new Date().toISOString() });
        ended.abort();
      });
    });
  }

  /** Writes all that it says to a log. */
  logTo(log: LogFile): void {
    for (const stream of [this.stdout, this.stderr]) {
      stream.on('data', (chunk: Buffer) => log.write(chunk));
    }
  }

  /** Does nothing when it has ended. */
  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Asks it to stop and kills it, with all of its session, after the grace or when forced. */
  async stop(name: NodeJS.Signals, graceMs: number, forced: AbortSignal): Promise<Exit> {
    this.signal(name);
    await delayUntil(graceMs, AbortSignal.any([this.ended, forced]));
    if (!this.ended.aborted) {
      this.signal('SIGKILL');
    }
    return this.exited;
  }
}

/** Starts a process that dies with this one. */
export async function launch(options: LaunchOptions): Promise<Child> {
  const guarded = ['/bin/sh', '-c', GUARD, 'guard', String(process.pid), ...options.command];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...guarded], {
    cwd: options.folder,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  if (child.pid === undefined) {
    const [error] = (await once(child, 'error')) as [Error];
    throw error;
  }
  return new Child(child, { pid: child.pid, startTime: startTimeOf(child.pid) ?? '' });
}

/**
 * Kills what is left of a session whose leader was this process. The number of a session is not given
 * to a new process while any member lives; if it was given to one, nothing is left.
 */
export function killSession(leader: ProcessIdentity): void {
  const holder = identify(leader.pid);
  if (holder !== undefined && !isSameProcess(leader)) {
    return;
  }
  for (const member of membersOfSession(leader.pid)) {
    killProcess(member);
  }
}

function closeOutput(child: ChildProcessByStdio<null, Readable, Readable>): void {
  const timer = setTimeout(() => {
    child.stdout.destroy();
    child.stderr.destroy();
  }, OUTPUT_GRACE_MS);
  timer.unref();
  child.once('close', () => clearTimeout(timer));
}
