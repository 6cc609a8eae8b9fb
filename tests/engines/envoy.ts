import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import { envoyBootstrap } from '@meridian/components/edge/local/envoy-bootstrap.ts';
import { endpointsFile } from '@meridian/components/edge/local/envoy-endpoints.ts';
import type { Upstream } from '@meridian/components/edge/local/envoy-endpoints.ts';
import {
  ORIGIN_IDENTITY,
  secretFiles,
  SERVER_IDENTITY,
} from '@meridian/components/edge/local/envoy-secrets.ts';
import type { TestAuthority } from '@meridian/kit/testing/authority.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { spiffe } from '@meridian/kit/testing/world.ts';
import { expandPlaceholders } from '@meridian/provider-local/folders.ts';
import { engineStarted } from '@meridian/provider-local/testing/engine-started.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';

const ADDRESS = '127.0.0.1';
/** Folders of users are called many things; with this one every test proves that all are quoted. */
const ODD_NAME = `m'ü"\\ $x`;
const NOWHERE = { data: '', runtime: '', program: '', cache: '', state: '', node: '' } as const;
const START_TIMEOUT_MS = 30_000;
const POLL_INTERVAL_MS = 25;

/** An Envoy of a test's own, with the configuration that the local landing gives it. */
export interface ThrowAwayEdge extends AsyncDisposable {
  /** How a user connects to it. */
  readonly user: ConnectionOptions;
  /** Names other gateways while it runs. */
  lead(upstreams: readonly Upstream[]): Promise<void>;
  /** The sum of Envoy's own counters and gauges whose names match. */
  stat(filter: string): Promise<number>;
  /** What it wrote: a line for each request that is over. */
  readonly log: string;
}

/** Durations of the configuration to replace, by name, for tests that cannot wait that long. */
export type Hurry = Readonly<Record<string, string>>;

/**
 * Starts the edge before these gateways, as the local landing would. Its program comes from
 * MERIDIAN_ENVOY_BIN, else from the engine cache (MERIDIAN_CACHE).
 */
export async function startEdge(
  authority: TestAuthority,
  upstreams: readonly Upstream[],
  hurry: Hurry = {},
): Promise<ThrowAwayEdge> {
  const folder = await mkdtemp(join(tmpdir(), ODD_NAME));
  const port = await freePort(ADDRESS);
  const adminPort = await freePort(ADDRESS);
  const bootstrap = JSON.stringify(
    envoyBootstrap({
      address: ADDRESS,
      port,
      adminPort,
      gatewaySpiffeId: spiffe('gateway'),
    }),
    (key, value: unknown) => hurry[key] ?? value,
  );
  const files = { 'envoy.json': bootstrap, ...secretFiles(), ...endpointsFile(upstreams) };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), expandPlaceholders(text, { ...NOWHERE, self: folder }));
  }
  const server = await authority.issue({ addresses: [ADDRESS] });
  writeIdentity(join(folder, SERVER_IDENTITY), server);
  writeIdentity(
    join(folder, ORIGIN_IDENTITY),
    await authority.issue({ uris: [spiffe('edge')], commonName: '' }),
  );
  const admin = `http://${ADDRESS}:${adminPort}`;
  const envoy = new Edge(folder, admin, { host: ADDRESS, port, ca: server.ca });
  try {
    await envoy.start(upstreams.length);
  } catch (error) {
    await envoy[Symbol.asyncDispose]();
    throw error;
  }
  return envoy;
}

class Edge implements ThrowAwayEdge {
  readonly user: ConnectionOptions;
  readonly #folder: string;
  readonly #admin: string;
  #process: ChildProcess | undefined;
  #log = '';

  constructor(folder: string, admin: string, user: ConnectionOptions) {
    this.#folder = folder;
    this.#admin = admin;
    this.user = user;
  }

  get log(): string {
    return this.#log;
  }

  async start(gateways: number): Promise<void> {
    const bin =
      process.env['MERIDIAN_ENVOY_BIN'] ??
      join(process.env['MERIDIAN_CACHE'] ?? '/var/cache/meridian', 'envoy/current/bin');
    const command = [
      join(bin, 'envoy'),
      ...['--config-path', join(this.#folder, 'envoy.json'), '--disable-hot-restart'],
      ...['--concurrency', '2', '--log-level', 'warning'],
    ];
    engineStarted('envoy');
    // A killed test runner must not leave a server behind.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (this.#log += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.#log += chunk));
    this.#process = child;
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.#knows(gateways))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`Envoy did not start:\n${this.#log}`);
      }
      await delay(POLL_INTERVAL_MS);
    }
  }

  /** Whether it listens, and has found this many gateways healthy. */
  async #knows(gateways: number): Promise<boolean> {
    try {
      const ready = await fetch(`${this.#admin}/ready`);
      await ready.text();
      return ready.ok && (await this.stat('membership_healthy$')) >= gateways;
    } catch {
      // Not there yet.
      return false;
    }
  }

  async lead(upstreams: readonly Upstream[]): Promise<void> {
    for (const [path, text] of Object.entries(endpointsFile(upstreams))) {
      await writeFile(join(this.#folder, `${path}.new`), text);
      // As the agent does: in one step.
      await rename(join(this.#folder, `${path}.new`), join(this.#folder, path));
    }
  }

  async stat(filter: string): Promise<number> {
    const answer = await fetch(`${this.#admin}/stats?filter=${encodeURIComponent(filter)}`);
    const values = [...(await answer.text()).matchAll(/: (\d+)$/gm)].map(([, value]) => value);
    return values.reduce((sum, value) => sum + Number(value), 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#process;
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}
