import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AgentClient } from '@meridian/provider-local/agent-client.ts';
import { runtimeSuffix } from '@meridian/provider-local/folders.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { engineStarted } from '@meridian/provider-local/testing/engine-started.ts';
import { freePort, isFree } from '@meridian/provider-local/testing/free-port.ts';
import { cacheFolder } from '../../tools/engines/cache.ts';
import { outputProblems } from '../../tools/meridian/output/testing/output-problems.ts';

/** Folder of the program that is tested. */
export const programFolder = path.dirname(path.dirname(import.meta.dirname));

/** A home as somebody may have one: whatever writes its path into a file or a script quotes it. */
const oddName = `meridian's hömé %41 "$HOME"`;

/** How a command of `npm run …` ended. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Environment variables that a command gets besides a user's ordinary ones; undefined takes one away. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** How a command is started, where it is not as a user does in a clone. */
export interface Way {
  /** Folder of the program. @default that of the platform */
  readonly program?: string;
  /** Lines that a shell runs before, such as `umask 077`. @default none */
  readonly shell?: string;
}

/** What a platform is made of, where it is not the program that is tested in a user's ordinary session. */
export interface Making {
  /** Makes the program in a user's home and gives its folder. @default the one that is tested */
  readonly program?: (home: string) => string;
  /** Variables of every command. @default none */
  readonly variables?: (home: string) => Variables;
}

/** What the edge is asked besides method and path. */
export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the edge answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/**
 * The whole platform, started through the real command by a user with an empty home of its own,
 * on ports that were free.
 */
export class PlatformUnderTest {
  readonly home: string;
  readonly portBase: number;
  readonly edgePort: number;
  readonly #program: string;
  readonly #variables: Variables;

  private constructor(
    home: string,
    ports: Pick<PlatformUnderTest, 'portBase' | 'edgePort'>,
    { program, variables }: Making,
  ) {
    this.home = home;
    this.portBase = ports.portBase;
    this.edgePort = ports.edgePort;
    this.#program = program?.(home) ?? programFolder;
    this.#variables = variables?.(home) ?? {};
  }

  static async create(making: Making = {}): Promise<PlatformUnderTest> {
    const home = mkdtempSync(path.join(tmpdir(), oddName));
    const ports = { portBase: await freePortBlock(), edgePort: await freePort('127.0.0.1') };
    return new PlatformUnderTest(home, ports, making);
  }

  get state(): string {
    return path.join(this.home, '.local/state/meridian/local');
  }

  /** Folder of the agents' sockets. */
  get runtime(): string {
    return `/tmp/meridian-${String(process.getuid?.())}-${runtimeSuffix(this.state)}`;
  }

  /** The agent of a zone. */
  agent(zone: string): AgentClient {
    return new AgentClient(this.folders, zone);
  }

  /** What clients of its agents and engines look for sockets in. */
  get folders(): Folders {
    const { state, runtime, home } = this;
    const data = path.join(home, '.local/share/meridian/local');
    return { state, runtime, data, cache: home, program: this.#program };
  }

  /** The settings that keep it out of everybody's way, and without telemetry, which some machines have built and some not. */
  get ports(): readonly string[] {
    const { portBase, edgePort } = this;
    return ['-c', `portBase=${portBase}`, '-c', `edgePort=${edgePort}`, '-c', 'telemetry=false'];
  }

  /** Starts a command and leaves it running. */
  spawn(args: readonly string[], environment: Variables = {}, way: Way = {}): ChildProcess {
    const { program = this.#program, shell = '' } = way;
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(XDG_|npm_|NODE_OPTIONS$|JEST_|MERIDIAN_(?!CACHE$))/.test(name),
    );
    const command = [process.execPath, path.join(program, 'tools/meridian.mjs'), ...args];
    if (args[0] === 'up') engineStarted('platform');
    return spawn('sh', ['-c', `${shell}\nexec "$@"`, 'sh', ...command], {
      cwd: program,
      env: {
        ...Object.fromEntries(inherited),
        MERIDIAN_CACHE: cacheFolder(),
        HOME: this.home,
        // Nothing that takes longer than the test is built behind it.
        CI: 'true',
        ...this.#variables,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  }

  /** Runs a command of meridian to its end. What it prints for a script must be as its schema has it. */
  async run(args: readonly string[], environment: Variables = {}, way: Way = {}): Promise<Outcome> {
    const outcome = await outcomeOf(this.spawn(args, environment, way));
    const isJson = args.includes('--json') && outcome.stdout !== '';
    const problems = isJson ? outputProblems(args[0] ?? '', outcome.stdout) : '';
    if (problems !== '') throw new Error(`${args.join(' ')}: ${problems}`);
    return outcome;
  }

  /** Reads from the edge. */
  async get(pathAndQuery: string): Promise<Answer> {
    return await this.request('GET', pathAndQuery);
  }

  /** Asks the edge, on a connection of its own, trusting the platform's root certificate alone. */
  async request(method: string, pathAndQuery: string, asked: Asked = {}): Promise<Answer> {
    const { headers = {}, body: sent = '' } = asked;
    const ca = readFileSync(path.join(this.state, 'pki/root.crt'));
    return await new Promise((resolve, reject) => {
      const call = request(
        {
          host: 'localhost',
          port: this.edgePort,
          method,
          path: pathAndQuery,
          headers: {
            ...(sent === '' ? {} : { 'content-length': Buffer.byteLength(sent) }),
            ...headers,
          },
          ca,
          agent: false,
          timeout: 15_000,
        },
        (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            body += chunk;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          );
          response.on('error', reject);
        },
      );
      call.on('timeout', () =>
        call.destroy(new Error(`no answer to ${method} ${pathAndQuery} in 15 s`)),
      );
      call.on('error', reject).end(sent);
    });
  }

  /** Processes that were started for this platform, agents and their children, by pid. */
  processes(): readonly PlatformProcess[] {
    return platformProcesses(this.state);
  }

  /** Removes whatever a test has left. */
  async dispose(): Promise<void> {
    await this.run(['stop']);
    for (const { pid } of this.processes()) process.kill(pid, 'SIGKILL');
    for (const folder of [this.home, this.runtime]) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** A process of the platform, as /proc shows it. */
export interface PlatformProcess {
  readonly pid: number;
  readonly command: string;
}

function platformProcesses(state: string): readonly PlatformProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const environment = readFileSync(`/proc/${name}/environ`, 'utf8');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const isZombie = stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
        const ours = environment.includes(state) || command.includes(state);
        return ours && !isZombie ? [{ pid: Number(name), command }] : [];
      } catch (error) {
        // It has ended meanwhile, or is another user's. (jest's own realm: instanceof does not hold.)
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return [];
        throw error;
      }
    });
}

/** Waits for a command that `spawn` started. */
export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Asks again and again until the answer pleases, for at most `timeoutMs`. */
export async function eventually<Value>(
  ask: () => Promise<Value> | Value,
  pleases: (value: Value) => boolean,
  timeoutMs = 60_000,
): Promise<Value> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await ask();
    if (pleases(value)) return value;
    if (Date.now() > deadline) {
      throw new Error(`Not so after ${timeoutMs / 1000} s; last seen: ${JSON.stringify(value)}`);
    }
    await delay(100);
  }
}

/** Holds a port until it is closed. */
export async function occupy(port: number, address = '127.0.0.1'): Promise<Server> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(port, address, () => resolve(server));
  });
}

/** A block that is free on loopback; below the range from which the kernel takes ephemeral ports. */
async function freePortBlock(): Promise<number> {
  for (let base = 20_000 + (process.pid % 300) * 32; base < 32_000; base += 32) {
    const free = await Promise.all([0, 1, 2, 3].map((offset) => isFree(base + offset, '0.0.0.0')));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no free block of ports between 20000 and 32000');
}

/** Throws with all that a command printed if it did not end well. */
export function expectSuccess({ code, stdout, stderr }: Outcome): void {
  if (code !== 0) throw new Error(`exit code ${String(code)}\n${stdout}\n${stderr}`);
}
