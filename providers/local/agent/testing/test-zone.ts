import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Folders } from '../../folders.ts';
import type { ProcessSpec } from '../../process-spec.ts';
import { freePort } from '../../testing/free-port.ts';
import { signIntermediate } from '../../pki/intermediate.ts';
import { createRoot } from '../../pki/root.ts';
import type { AgentSettingsInput } from '../start/agent-settings.ts';
import { readIfThere } from '../../machine/atomic-file.ts';
import { AgentClient } from '../api/client.ts';
import { identify, killProcess } from '../../machine/process-table.ts';
import { startAgent } from '../start/start-agent.ts';
import type { ProcessStatus } from '../api/status.ts';

/** The address of the zone of all agent tests. */
export const ADDRESS = '127.0.9.1';

const FIXTURE = join(import.meta.dirname, 'fixture-process.ts');

/** A real agent in folders of its own, for one test file; call `dispose` in the end. */
export class TestZone {
  readonly root: string;
  readonly folders: Folders;
  readonly settings: AgentSettingsInput;
  readonly client: AgentClient;

  private constructor(root: string, settings: Partial<AgentSettingsInput>) {
    this.root = root;
    this.folders = {
      state: join(root, 'state'),
      data: join(root, 'data'),
      runtime: join(root, 'run'),
      cache: join(root, 'cache'),
      program: join(root, 'program'),
    };
    this.settings = {
      zone: 't',
      network: '127.0.9.0/24',
      leafLifetimeSeconds: 600,
      ...settings,
    };
    this.client = new AgentClient(this.folders, this.settings.zone);
  }

  static async create(settings: Partial<AgentSettingsInput> = {}): Promise<TestZone> {
    // A short path: the unix socket lies below it.
    return new TestZone(await mkdtemp('/tmp/mza-'), settings);
  }

  get pki(): string {
    return join(this.folders.state, 'pki');
  }

  get journal(): string {
    return join(this.root, 'journal');
  }

  /** A path below the agent's folder of a process. */
  self(name: string, ...path: readonly string[]): string {
    return join(this.folders.state, 'zones', this.settings.zone, 'processes', name, ...path);
  }

  start(): Promise<AgentClient> {
    return startAgent(this.folders, this.settings);
  }

  /** Makes a root and signs the agent's authority with it. */
  async authorize(lifetimeDays = 10): Promise<void> {
    await createRoot(this.pki, { trustDomain: 'test.local', lifetimeDays: 100 });
    await this.renewAuthority(lifetimeDays);
  }

  async renewAuthority(lifetimeDays = 10): Promise<void> {
    const request = await this.client.authorityRequest();
    await this.client.putAuthority(await signIntermediate(this.pki, request, { lifetimeDays }));
  }

  /** A spec whose process notes what happens to it in the journal. */
  spec(name: string, changes: Partial<ProcessSpec> = {}): ProcessSpec {
    return {
      name,
      revision: '1',
      command: ['${node}', '--disable-warning=ExperimentalWarning', FIXTURE],
      files: {},
      liveFiles: {},
      identities: [],
      listens: [],
      readiness: { kind: 'none' },
      stop: { signal: 'SIGTERM', graceSeconds: 5 },
      onRenew: 'none',
      runs: 'always',
      data: false,
      ...changes,
      environment: { JOURNAL: this.journal, LABEL: name, ...changes.environment },
    };
  }

  /** A spec whose process listens at a free port and is ready when it answers there. */
  async listener(name: string, changes: Partial<ProcessSpec> = {}): Promise<ProcessSpec> {
    const port = await freePort(ADDRESS);
    return this.spec(name, {
      listens: [{ name: 'http', address: ADDRESS, port }],
      readiness: { kind: 'http', url: `http://${ADDRESS}:${port}/`, timeoutSeconds: 20 },
      ...changes,
      environment: { LISTEN: `${ADDRESS}:${port}`, ...changes.environment },
    });
  }

  /** Puts a process and waits until it is ready. */
  async run(spec: ProcessSpec): Promise<ProcessStatus> {
    await this.client.putProcess(spec);
    return this.client.waitUntilReady(spec.name, 20_000);
  }

  /** The journal's lines that begin so, for example `name started`. */
  async noted(beginning: string): Promise<readonly string[]> {
    const text = (await readIfThere(this.journal)) ?? '';
    return text.split('\n').filter((line) => line.startsWith(beginning));
  }

  async status(name: string): Promise<ProcessStatus> {
    const status = await this.client.getProcess(name);
    if (status === undefined) {
      throw new Error(`the agent has no '${name}'`);
    }
    return status;
  }

  /** Kills the agent as a power cut would and waits until it is gone. */
  async killAgent(): Promise<void> {
    const { pid, startTime } = await this.client.status();
    killProcess({ pid, startTime });
    await until('the agent is gone', () => identify(pid) === undefined);
  }

  /** Deletes every process of a running agent and begins the journal again. */
  async clear(): Promise<void> {
    const status = await this.client.statusIfRunning();
    for (const { name } of status?.processes ?? []) {
      await this.client.deleteProcess(name);
    }
    await rm(this.journal, { force: true });
  }

  async dispose(): Promise<void> {
    if ((await this.client.statusIfRunning()) !== undefined) {
      await this.client.stop();
    }
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Waits for a condition, asking often; fails with its name after the deadline. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`not within ${timeoutMs} ms: ${what}`);
    }
    await delay(40);
  }
}

export async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8');
}
