import { Pool } from 'pg';
import type { ClientConfig, QueryResultRow } from 'pg';
import type { Need, NeedNow } from '../ops/readiness.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import type { Runtime } from '../runtime.ts';
import { operationTimer } from '../telemetry/operation-timer.ts';
import { openClientTls } from '../tls/client-tls.ts';
import { readPostgresBinding } from './binding.ts';
import { connectionConfig } from './connection-config.ts';
import type { ConnectionLimits } from './connection-config.ts';
import { connectionError } from './database-error.ts';
import { DatabaseWatch } from './database-watch.ts';
import { DedicatedConnection } from './dedicated-session.ts';
import type { DedicatedOptions, DedicatedSession } from './dedicated-session.ts';
import { PooledSessions } from './pooled-database.ts';

/** Limits of the connections, and what they are for. */
export interface DatabaseOptions extends ConnectionLimits {
  /**
   * What it costs the process when the database is away. Until it has answered once it is required: a
   * process that cannot reach it from the start may be what is wrong. @default 'required'
   */
  readonly need?: Need | NeedNow;
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
  /** Throws unless the database answers; never waits for the connections of requests. */
  check(): Promise<void>;
}

/** Connections live at most this long, so that none outlives the certificate it was opened with. */
const MAX_LIFETIME_SECONDS = 900;

/** The watch asks for nothing that takes time. */
const WATCH_LIMITS: ConnectionLimits = { statementTimeoutMs: 1_000, connectTimeoutMs: 1_000 };

/**
 * Opens a database from the binding of that name: over TLS, the server verified by its address, with the client
 * certificate of the binding's folder (reloaded when it is renewed) or the password of its file, as it says. Its pool is of
 * the size that the configuration gives, and one connection more watches for readiness, which depends
 * on it as `need` says. It is closed when the process leaves. Throws a CodedError.
 */
export function openDatabase(
  runtime: Runtime,
  name: string,
  options: DatabaseOptions = {},
): Database {
  const binding = readPostgresBinding(runtime.bindings, name, runtime.workingFolder);
  const tls = openClientTls(binding.tls, runtime);
  const config = connectionConfig(binding, tls, runtime.configuration, options);
  const pool = createPool(config, runtime);
  const timer = operationTimer(runtime, {
    system: 'postgresql',
    namespace: binding.database,
    errorType: (error) => (error instanceof RpcError ? error.status : '_OTHER'),
  });
  const watchConfig = connectionConfig(binding, tls, runtime.configuration, WATCH_LIMITS);
  const watch = new DatabaseWatch(
    () => DedicatedConnection.open(watchConfig, timer, {}),
    MAX_LIFETIME_SECONDS * 1_000,
  );
  const check = (): Promise<void> => watch.check();
  const { need = 'required' } = options;
  runtime.readiness.add(`database ${name}`, check, () => {
    if (!watch.hasAnswered) return 'required';
    return typeof need === 'function' ? need() : need;
  });
  runtime.onRelease(`database '${name}'`, async () => {
    watch.close();
    await pool.end();
    tls.close();
  });
  const sessions = new PooledSessions(pool, timer);
  return {
    query: (statement) => sessions.query(statement),
    transaction: (work) => sessions.transaction(work),
    dedicate: (dedicated = {}) => DedicatedConnection.open(config, timer, dedicated),
    check,
  };
}

function createPool(config: ClientConfig, { log, configuration }: Runtime): Pool {
  const pool = new Pool({
    ...config,
    max: configuration.databaseConnections,
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
