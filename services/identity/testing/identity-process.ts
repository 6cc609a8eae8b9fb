import { join } from 'node:path';
import { openClient, type RpcClient } from '@meridian/kit/clients.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { writeIdentity, type Issued } from '@meridian/kit/testing/authority.ts';
import { writeBinding, writeServiceBinding } from '@meridian/kit/testing/bindings.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { MainProcess, opsStatus } from '@meridian/kit/testing/main-process.ts';
import { spiffe } from '@meridian/kit/testing/world.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import type { Pool } from 'pg';
import { signingFolder } from '@meridian/language/process-folder.ts';
import { IdentityService } from '../contract/gen/meridian/identity/v1/identity_pb.js';

/** The Kafka that identity is bound to. */
export interface KafkaBinding {
  readonly bootstrapServers: readonly string[];
  readonly issued: Issued;
}

/** What a test asks of the process. */
export interface IdentityOptions {
  readonly kafka?: KafkaBinding;
  readonly main?: URL;
  readonly world?: DatabaseWorld;
}

/** Identity's main file as a process, over a real database, with the callers that the graph allows. */
export class IdentityProcess {
  readonly world: DatabaseWorld;
  /** A superuser's pool of its database. */
  readonly pool: Pool;
  readonly folder: string;
  readonly opsPort: number;
  readonly #port: number;
  readonly #main: MainProcess;

  private constructor(
    world: DatabaseWorld,
    pool: Pool,
    folder: string,
    ports: readonly [service: number, ops: number],
    main: MainProcess,
  ) {
    this.world = world;
    this.pool = pool;
    this.folder = folder;
    [this.#port, this.opsPort] = ports;
    this.#main = main;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param options.kafka none listens by default
   * @param options.main the program to start, by default the one beside this
   * @param options.world what has its database, by default on the server of all suites
   */
  static async start({
    kafka,
    main = new URL('../main.ts', import.meta.url),
    world: databases,
  }: IdentityOptions = {}): Promise<IdentityProcess> {
    const events = databases ?? (await DatabaseWorld.create());
    const pool = await events.createDatabase('identity', 'services/identity/migrations');
    const [port, opsPort] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
    const folder = await events.prepare('identity', {
      listen: { address: '127.0.0.1', port },
      ops: { address: '127.0.0.1', port: opsPort },
      allow: Object.fromEntries(
        IdentityService.methods.map(({ name }) => [
          `/${IdentityService.typeName}/${name}`,
          [spiffe(name === 'EnsureAccount' ? 'account-setup' : 'gateway')],
        ]),
      ),
      logLevel: 'debug',
    });
    writeBinding(folder, 'kafka', {
      type: 'kafka',
      'bootstrap-servers': (kafka?.bootstrapServers ?? ['127.0.0.1:9']).join(),
      'tls-folder': 'kafka-tls',
    });
    const { authority } = events.world;
    const issued = kafka?.issued ?? (await authority.issue({ commonName: 'identity' }));
    writeIdentity(join(folder, 'kafka-tls'), issued);
    await events.world.issueSigningKey(folder, signingFolder('token'), 'identity');
    const ports = [port, opsPort] as const;
    const started = new IdentityProcess(events, pool, folder, ports, new MainProcess(main, folder));
    await eventually(async () => {
      if ((await opsStatus(opsPort, '/readyz')) !== 200) throw new Error(started.output);
    }, 60_000);
    return started;
  }

  /** All that it has printed so far. */
  get output(): string {
    return this.#main.output;
  }

  /** The folder of a process that may call it, or would like to. */
  async folderOf(caller: string): Promise<string> {
    const folder = await this.world.world.prepare(caller);
    writeServiceBinding(folder, 'identity', [this.#port]);
    return folder;
  }

  async clientOf(caller: string): Promise<RpcClient<typeof IdentityService>> {
    const { runtime } = await this.world.world.start(await this.folderOf(caller));
    return openClient(runtime, 'identity', IdentityService);
  }

  async stop(): Promise<void> {
    await this.#main.stop();
    await this.world.close();
  }
}
