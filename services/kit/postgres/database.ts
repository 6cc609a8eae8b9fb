import { Pool } from 'pg';
import type { ClientConfig, PoolClient, QueryConfig, QueryResultRow } from 'pg';
import { currentScope } from '../call-scope.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import type { Runtime } from '../runtime.ts';
import { observeIdentity } from '../telemetry/identity-metrics.ts';
import { operationTimer } from '../telemetry/operation-timer.ts';
import type { OperationTimer } from '../telemetry/operation-timer.ts';
import { Identity } from '../tls/identity.ts';
import { readPostgresBinding } from './binding.ts';
import { connectionConfig } from './connection-config.ts';
import type { ConnectionLimits } from './connection-config.ts';
import { connectionError, databaseError } from './database-error.ts';
import { DedicatedConnection } from './dedicated-session.ts';
import type { DedicatedOptions, DedicatedSession } from './dedicated-session.ts';

/** Sizes and limits of a pool. */
export interface DatabaseOptions extends ConnectionLimits {
  /** @default 10 */
  readonly maxConnections?: number;
}

/**
 * A statement. Its `name` makes it a prepared statement, parsed once for each connection, and names
 * it in metrics and traces.
 */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** Runs statements; a lost database throws an RpcError UNAVAILABLE, a slow one DEADLINE_EXCEEDED. */
export interface Session {
  /** The rows of a statement. */
  query<Row extends QueryResultRow>(statement: Statement): Promise<readonly Row[]>;
}

/** The session of a transaction under way. */
export interface Transaction extends Session {
  /** Registers what is to happen once the transaction has committed; dropped if it rolls back. */
  onCommit(listener: () => void): void;
}

/** What runs transactions. */
export interface Transactional extends Session {
  /** Runs work in a transaction: commits when it returns, rolls back when it throws. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** A pool of connections to one database. */
export interface Database extends Transactional {
  /** Opens a connection outside the pool, for what lives as long as its session: locks, notices. */
  dedicate(options?: DedicatedOptions): Promise<DedicatedSession>;
  /** Throws unless the database answers. */
  check(): Promise<void>;
}

/** Connections live at most this long, so that none outlives the certificate it was opened with. */
const MAX_LIFETIME_SECONDS = 900;

/**
 * Opens a database from the binding of that name: over TLS 1.3, with the client certificate of the
 * binding's folder (reloaded when it is renewed), the server verified by its address. Readiness then
 * depends on it, and it is closed when the process leaves. Throws a ConfigurationError.
 */
export function openDatabase(
  runtime: Runtime,
  name: string,
  options: DatabaseOptions = {},
): Database {
  const binding = readPostgresBinding(runtime.bindings, name, runtime.workingFolder);
  const identity = Identity.open(binding.tlsFolder);
  const folder = runtime.bindings.get(name, 'postgresql').property('tls-folder');
  observeIdentity(identity, folder, runtime);
  const config = connectionConfig(binding, identity, runtime.configuration, options);
  const pool = createPool(config, runtime, options);
  const timer = operationTimer(runtime, {
    system: 'postgresql',
    namespace: binding.database,
    errorType: (error) => (error instanceof RpcError ? error.status : '_OTHER'),
  });
  const database = new PooledDatabase(pool, config, timer);
  runtime.readiness.add(`database ${name}`, () => database.check());
  runtime.onRelease(`database '${name}'`, async () => {
    await pool.end();
    identity.close();
  });
  return database;
}

function createPool(config: ClientConfig, { log }: Runtime, options: DatabaseOptions): Pool {
  const pool = new Pool({
    ...config,
    max: options.maxConnections ?? 10,
    min: 1,
    maxLifetimeSeconds: MAX_LIFETIME_SECONDS,
  });
  // Without listeners, the end of a connection that nobody waits for would end the process.
  pool.on('error', (error) =>
    log.warn({ err: connectionError(error) }, 'idle database connection lost'),
  );
  pool.on('connect', (client) => {
    client.on('error', (error) =>
      log.debug({ err: connectionError(error) }, 'database connection lost'),
    );
  });
  return pool;
}

class PooledDatabase implements Database {
  readonly #pool: Pool;
  readonly #config: ClientConfig;
  readonly #timer: OperationTimer;

  constructor(pool: Pool, config: ClientConfig, timer: OperationTimer) {
    this.#pool = pool;
    this.#config = config;
    this.#timer = timer;
  }

  query<Row extends QueryResultRow>(statement: Statement): Promise<readonly Row[]> {
    return this.#timer(statement.name, async () => {
      const client = await this.#connect();
      return withClient(client, () => run<Row>(client, statement));
    });
  }

  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const committed: (() => void)[] = [];
    const answer = await this.#timer('transaction', async () => {
      const client = await this.#connect();
      return withClient(client, async () => {
        await client.query('BEGIN');
        const result = await work({
          query: (statement) => this.#timer(statement.name, () => run(client, statement)),
          onCommit: (listener) => void committed.push(listener),
        }).catch(async (error: unknown) => {
          await client.query('ROLLBACK');
          throw error;
        });
        await client.query('COMMIT');
        return result;
      });
    });
    for (const listener of committed) listener();
    return answer;
  }

  dedicate(options: DedicatedOptions = {}): Promise<DedicatedSession> {
    return DedicatedConnection.open(this.#config, this.#timer, options);
  }

  async check(): Promise<void> {
    await this.query({ name: 'check', text: 'SELECT 1' });
  }

  async #connect(): Promise<PoolClient> {
    const scope = currentScope();
    if (scope !== undefined && scope.deadlineMs <= Date.now()) {
      throw new RpcError('DEADLINE_EXCEEDED', 'the deadline has passed');
    }
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw connectionError(error);
    }
  }
}

/** Runs a statement on a connection. */
async function run<Row extends QueryResultRow>(
  client: PoolClient,
  { name, text, values }: Statement,
): Promise<readonly Row[]> {
  const config: QueryConfig = {
    name,
    text,
    ...(values === undefined ? {} : { values: [...values] }),
  };
  try {
    const { rows } = await client.query<Row>(config);
    return rows;
  } catch (error) {
    throw databaseError(error);
  }
}

/** Gives the connection back, or throws it away if it is what failed. */
async function withClient<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  let broken = false;
  try {
    return await work();
  } catch (thrown) {
    const error = databaseError(thrown);
    broken = error instanceof RpcError && error.status === 'UNAVAILABLE';
    throw error;
  } finally {
    client.release(broken);
  }
}
