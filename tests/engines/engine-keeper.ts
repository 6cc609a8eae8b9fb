import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import type { Answers, Question } from './keeper-language.ts';
import { KEEPER_SOCKET } from './keeper-language.ts';
import type { ThrowAwayElasticsearch } from './elasticsearch.ts';
import type { ThrowAwayKafka } from './kafka.ts';
import type { ThrowAwayPostgres } from './postgres.ts';

/** Longer than any run: its certificates are never renewed. */
const LIFETIME_MS = 24 * 3_600_000;

let open: EngineKeeper | undefined;

/**
 * Engines that the suites of one run share, each started when a suite first asks for it, on a unix
 * socket. Its process is jest's own, which outlives every suite; an engine dies with the process that
 * started it, however that ends.
 */
export class EngineKeeper {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mengines-'));
  readonly #server: Server;
  readonly #authority = TestAuthority.create(LIFETIME_MS);
  readonly #templates = new Map<string, Promise<string>>();
  #postgres: Promise<ThrowAwayPostgres> | undefined;
  #kafka: Promise<ThrowAwayKafka> | undefined;
  #elasticsearch: Promise<ThrowAwayElasticsearch> | undefined;
  #databases = 0;
  #indices = 0;

  private constructor() {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      let question = '';
      socket.setEncoding('utf8').on('data', (part: string) => (question += part));
      socket.on('end', () => void this.#serve(socket, question));
      // A suite that ended meanwhile needs no answer.
      socket.on('error', () => undefined);
    });
  }

  /** Listens, and tells the suites where. */
  static async open(): Promise<void> {
    open = new EngineKeeper();
    const path = join(open.#folder, 'keeper.sock');
    await once(open.#server.listen(path), 'listening');
    process.env[KEEPER_SOCKET] = path;
  }

  /** Stops what was started. */
  static async close(): Promise<void> {
    const keeper = open;
    open = undefined;
    if (keeper === undefined) return;
    keeper.#server.close();
    await Promise.all([
      keeper.#postgres?.then((server) => server.stop()),
      keeper.#kafka?.then((cluster) => cluster.stop()),
      keeper.#elasticsearch?.then((node) => node.stop()),
    ]);
    rmSync(keeper.#folder, { recursive: true });
  }

  async #serve(socket: Socket, question: string): Promise<void> {
    try {
      const answer = await this.#answer(JSON.parse(question) as Question);
      socket.end(JSON.stringify({ answer }));
    } catch (error) {
      socket.end(JSON.stringify({ error: error instanceof Error ? error.stack : String(error) }));
    }
  }

  #answer(question: Question): Promise<Answers[keyof Answers]> {
    switch (question.about) {
      case 'authority':
        return this.#authority.then((authority) => authority.save());
      case 'postgres':
        return this.#startedPostgres().then(({ socketFolder, port }) => ({ socketFolder, port }));
      case 'database':
        return this.#createDatabase(question.name, question.migrations);
      case 'index':
        return this.#createIndexUser(question.name);
      case 'kafka':
        return this.#startedKafka().then(({ brokers }) => ({
          brokers: brokers.map(({ address, port }) => ({ address, port })),
        }));
    }
  }

  async #startedPostgres(): Promise<ThrowAwayPostgres> {
    this.#postgres ??= (async () => {
      const [authority, { startPostgres }] = [await this.#authority, await import('./postgres.ts')];
      const addresses = ['127.0.0.1'];
      return startPostgres({ tls: await authority.issue({ addresses, lifetimeMs: LIFETIME_MS }) });
    })();
    return this.#postgres;
  }

  async #startedKafka(): Promise<ThrowAwayKafka> {
    this.#kafka ??= (async () => {
      const { startKafka } = await import('./kafka.ts');
      return startKafka({ authority: await this.#authority, lifetimeMs: LIFETIME_MS });
    })();
    return this.#kafka;
  }

  async #startedElasticsearch(): Promise<ThrowAwayElasticsearch> {
    this.#elasticsearch ??= (async () => {
      const { startElasticsearch } = await import('./elasticsearch.ts');
      return startElasticsearch({ authority: await this.#authority, lifetimeMs: LIFETIME_MS });
    })();
    return this.#elasticsearch;
  }

  async #createIndexUser(name: string): Promise<Answers['index']> {
    const node = await this.#startedElasticsearch();
    return node.createUser(`${name}_${(this.#indices += 1)}`);
  }

  /** Its migrations run once; every database with them is a copy. */
  async #createDatabase(name: string, migrations: string): Promise<Answers['database']> {
    const postgres = await this.#startedPostgres();
    const number = (this.#databases += 1);
    let template = this.#templates.get(migrations);
    if (template === undefined) {
      const made = `template_${number}`;
      template = postgres.createDatabase(made, migrations).then(() => made);
      this.#templates.set(migrations, template);
    }
    const unique = `${name}_${number}`;
    await postgres.copyDatabase(await template, unique);
    return { name: unique };
  }
}
