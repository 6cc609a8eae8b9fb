import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RELEASE_ROLE_FILE } from '@meridian/language/process-folder.ts';
import { openClient } from '../clients.ts';
import type { RpcClient } from '../clients.ts';
import { serve } from '../run-service.ts';
import type { RunningService } from '../run-service.ts';
import type { Handlers } from '../rpc/handlers.ts';
import { startRuntime } from '../runtime.ts';
import type { Runtime } from '../runtime.ts';
import { createLogger } from '../telemetry/logger.ts';
import { TestAuthority, writeIdentity } from './authority.ts';
import type { Issued } from './authority.ts';
import { echoHandlers } from './echo-handlers.ts';
import { EchoService } from './gen/meridian/kittest/v1/echo_pb.js';

/** The declaration of the test service, as runService knows it. */
export interface EchoDeclaration {
  readonly contract: typeof EchoService;
  readonly calls: readonly [];
}

/** The SPIFFE ID of a service in tests. */
export function spiffe(service: string): string {
  return `spiffe://meridian.local/ns/meridian/sa/${service}`;
}

/** Paths of the test contract. */
export const ECHO = '/meridian.kittest.v1.EchoService';

/** Configuration of a process whose clients send calls again. */
export const RETRYING = { retryBudget: { percentOfCalls: 10, minimumPerSecond: 2 } } as const;

/** A process under test: its runtime, its folder and what it logged. */
export interface TestProcess {
  readonly runtime: Runtime;
  readonly folder: string;
  readonly lines: Record<string, unknown>[];
}

/** A server under test. */
export interface TestServer extends TestProcess, RunningService {}

/** Everything a test starts, in temporary folders with certificates of its own, and stops again. */
export class TestWorld {
  readonly authority: TestAuthority;
  readonly folder = mkdtempSync(join(tmpdir(), 'meridian-kit-'));
  readonly #runtimes: Runtime[] = [];
  #count = 0;

  private constructor(authority: TestAuthority) {
    this.authority = authority;
  }

  /** @param authority of whoever its processes talk to, where they are not all of this world */
  static async create(authority?: TestAuthority): Promise<TestWorld> {
    return new TestWorld(authority ?? (await TestAuthority.create()));
  }

  /** The folder of a process: service.json, a certificate, no bindings yet. */
  async prepare(
    service: string,
    configuration: Readonly<Record<string, unknown>> = {},
    identity?: Issued,
  ): Promise<string> {
    const folder = join(this.folder, `${service}-${++this.#count}`);
    write(
      join(folder, 'config/service.json'),
      JSON.stringify({
        service,
        version: '0.1.0',
        instance: `${service}-b-0`,
        zone: 'b',
        environment: 'test',
        namespace: 'meridian',
        spiffeId: spiffe(service),
        identityFolder: 'tls',
        // Tests of other things act for the system; those of contexts say what their methods allow.
        context: { methods: { '*': { actors: ['system'] } } },
        ...configuration,
      }),
    );
    mkdirSync(join(folder, 'bindings'));
    writeIdentity(
      join(folder, 'tls'),
      identity ?? (await this.authority.issue({ uris: [spiffe(service)] })),
    );
    return folder;
  }

  /** Gives a process a folder with a key to sign with, as an agent does. */
  async issueSigningKey(folder: string, name: string, service: string): Promise<void> {
    const issued = await this.authority.issue({ uris: [spiffe(service)], signs: true });
    writeIdentity(join(folder, name), issued);
  }

  /** Starts the runtime of a process whose folder was prepared. */
  async start(folder: string): Promise<TestProcess> {
    const lines: Record<string, unknown>[] = [];
    const runtime = await startRuntime({
      workingFolder: folder,
      environment: {
        SERVICE_BINDING_ROOT: 'bindings',
        MERIDIAN_SERVICE_FILE: 'config/service.json',
      },
      logger: (configuration) =>
        createLogger(configuration, {
          write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
        }),
    });
    this.#runtimes.push(runtime);
    return { runtime, folder, lines };
  }

  /**
   * Starts a server of the test contract on a free port; 'caller' may call every method. `prepared` may put more
   * into its folder before it starts.
   */
  async serve(
    handlers: Partial<Handlers<typeof EchoService>> = {},
    configuration: Readonly<Record<string, unknown>> = {},
    identity?: Issued,
    bounds: Parameters<typeof serve>[2] = {},
    prepared: (folder: string) => Promise<void> = () => Promise.resolve(),
  ): Promise<TestServer> {
    const folder = await this.prepare(
      'echo',
      {
        listen: { address: '127.0.0.1', port: 0 },
        ops: { address: '127.0.0.1', port: 0 },
        allow: { '*': [spiffe('caller')] },
        ...configuration,
      },
      identity,
    );
    await prepared(folder);
    const process = await this.start(folder);
    const running = await serve<EchoDeclaration>(
      process.runtime,
      { contract: EchoService, handlers: () => ({ ...echoHandlers, ...handlers }) },
      bounds,
    );
    return { ...process, ...running };
  }

  /** A client process of the test contract, bound to the given ports. */
  async client(
    ports: readonly number[],
    options: {
      service?: string;
      identity?: Issued;
      peer?: string;
      configuration?: Readonly<Record<string, unknown>>;
    } = {},
  ): Promise<TestProcess & { readonly client: RpcClient<typeof EchoService> }> {
    const { service = 'caller', configuration, identity } = options;
    const folder = await this.prepare(service, configuration, identity);
    this.bind(folder, ports, options.peer);
    const process = await this.start(folder);
    return { ...process, client: openClient(process.runtime, 'echo', EchoService) };
  }

  /** Writes the binding to the test service, or only its addresses again. */
  bind(folder: string, ports: readonly number[], peer = spiffe('echo')): void {
    const binding = join(folder, 'bindings/echo');
    write(join(binding, 'type'), 'grpc');
    write(join(binding, 'provider'), 'meridian');
    write(join(binding, 'uri'), 'addresses:echo/addresses');
    write(join(binding, 'spiffe-id'), `${peer}\n`);
    const list = ports.map((port) => `127.0.0.1:${port}\n`).join('');
    write(join(binding, 'addresses.new'), `# replicas\n${list}`);
    renameSync(join(binding, 'addresses.new'), join(binding, 'addresses'));
  }

  /** Tells a process, whose runtime may run, the role of its release as Kubernetes does. */
  setRole(folder: string, role: string): void {
    write(join(folder, RELEASE_ROLE_FILE), role);
  }

  /** Stops the processes that were started and did not end yet, as those of a test that failed. */
  async stop(): Promise<void> {
    await Promise.all(this.#runtimes.splice(0).map((runtime) => runtime.stop()));
  }

  /** Stops everything that was started, and removes its files. */
  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
