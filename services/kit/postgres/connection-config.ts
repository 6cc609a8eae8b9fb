import { readFile } from 'node:fs/promises';
import { checkServerIdentity } from 'node:tls';
import type { ClientConfig } from 'pg';
import type { ServiceConfiguration } from '@meridian/language/service-configuration.ts';
import type { ClientTls } from '../tls/client-tls.ts';
import type { PostgresBinding } from './binding.ts';

/** Limits of a connection. */
export interface ConnectionLimits {
  /** The server ends a statement that takes longer. @default 5000 */
  readonly statementTimeoutMs?: number;
  /** The server ends a transaction that idles longer. @default 10000 */
  readonly idleInTransactionTimeoutMs?: number;
  /** A new connection, or the wait for one, takes at most this. @default 2000 */
  readonly connectTimeoutMs?: number;
}

/** How every connection to a database is made, in the pool or outside it. */
export function connectionConfig(
  binding: PostgresBinding,
  tls: ClientTls,
  configuration: ServiceConfiguration,
  limits: ConnectionLimits,
): ClientConfig {
  const { passwordFile } = binding;
  const statementTimeoutMs = limits.statementTimeoutMs ?? 5_000;
  return {
    host: binding.host,
    port: binding.port,
    database: binding.database,
    user: binding.username,
    // Nothing of the environment (PGPASSWORD) is meant for this server.
    password: passwordFile === undefined ? '' : () => passwordIn(passwordFile),
    application_name: configuration.instance,
    connectionTimeoutMillis: limits.connectTimeoutMs ?? 2_000,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: limits.idleInTransactionTimeoutMs ?? 10_000,
    // For a server that is stopped and so cannot end the statement itself.
    query_timeout: statementTimeoutMs + 1_000,
    keepAlive: true,
    ssl: {
      // Read for each connection, so that it is always the newest certificate.
      get secureContext() {
        return tls.current.context;
      },
      // pg names no host to TLS when it is an address, and Node.js would then check 'localhost'.
      checkServerIdentity: (_host, certificate) => checkServerIdentity(binding.host, certificate),
    },
  };
}

/** Read for each connection, so that it is always the newest. */
async function passwordIn(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim();
}
