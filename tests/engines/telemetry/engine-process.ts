import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { isSystemError, messageOf } from '@meridian/language/thrown.ts';
import { until } from '@meridian/provider-local/agent/testing/test-zone.ts';
import { cacheFolder } from '../../../tools/engines/cache.ts';
import {
  telemetryCommand,
  type TelemetryEngine,
} from '../../../tools/engines/telemetry-programs.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** Two busy cores: an engine that starts replays what it has. */
const START_TIMEOUT_MS = 60_000;

/** How an engine is started, and where it says that it is ready. */
export interface EngineStart {
  readonly engine: TelemetryEngine;
  readonly executable: string;
  readonly args: readonly string[];
  readonly ready: string;
}

/** The file of an executable of telemetry in the cache. */
export function executableFile(engine: TelemetryEngine, executable: string): string {
  return telemetryCommand(engine, executable, { root, cache: cacheFolder() });
}

/** What a program says of a configuration, and whether it takes it. */
export function check(
  engine: TelemetryEngine,
  executable: string,
  args: readonly string[],
): { readonly accepted: boolean; readonly said: string } {
  const { status, stdout, stderr, error } = spawnSync(executableFile(engine, executable), args, {
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return { accepted: status === 0, said: stdout + stderr };
}

/** An engine of telemetry that runs; it ends with the tests, however they end. */
export class EngineProcess {
  readonly #child: ChildProcess;
  readonly #log: string;

  private constructor(child: ChildProcess, log: string) {
    this.#child = child;
    this.#log = log;
  }

  /** Starts an engine and waits until it is ready. */
  static async start(folder: string, start: EngineStart): Promise<EngineProcess> {
    const { engine, executable, args, ready } = start;
    const log = path.join(folder, `${engine}.log`);
    const out = openSync(log, 'a');
    const argv = ['--pdeathsig', 'KILL', executableFile(engine, executable), ...args];
    const child = spawn('setpriv', argv, { stdio: ['ignore', out, out], cwd: folder });
    closeSync(out);
    const started = new EngineProcess(child, log);
    await until(`${engine} is ready`, () => started.#answers(ready), START_TIMEOUT_MS);
    return started;
  }

  /** What it has written, from all its starts. */
  said(): string {
    return readFileSync(this.#log, 'utf8');
  }

  /** The addresses on which it listens for TCP, as `address:port`. */
  listens(): readonly string[] {
    const { pid } = this.#child;
    const descriptors = `/proc/${pid}/fd`;
    const sockets = new Set(
      readdirSync(descriptors).map((fd) => linkOf(path.join(descriptors, fd))),
    );
    return ['tcp', 'tcp6'].flatMap((table) =>
      readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/))
        // proc_pid_net(5): local address, state (0A is LISTEN), inode.
        .filter(
          ([, , , state, , , , , , inode]) => state === '0A' && sockets.has(`socket:[${inode}]`),
        )
        .map(([, local = '']) => readableAddress(local)),
    );
  }

  /** Ends it as an agent does, and waits until it has. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#hasEnded()) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #answers(url: string): Promise<boolean> {
    if (this.#hasEnded()) throw new Error(`It has ended: ${this.said().slice(-2_000)}`);
    try {
      return (await fetch(url)).ok;
    } catch (error) {
      if (messageOf(error) === 'fetch failed') return false;
      throw error;
    }
  }
}

/** What a link points at; a descriptor may be closed meanwhile. */
function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return '';
    throw error;
  }
}

/** IPv4 addresses are there as the hexadecimal of a number of this machine's byte order; others stay as they are. */
function readableAddress(local: string): string {
  const [address = '', port = ''] = local.split(':');
  const readable = address.length === 8 ? Buffer.from(address, 'hex').reverse().join('.') : address;
  return `${readable}:${Number.parseInt(port, 16)}`;
}
