import { SERVER_CONNECTIONS } from '../model/database-connections.ts';
import type { DatabaseGrant } from '../model/grants.ts';
import { MONITOR, MONITOR_GRANTS } from '../observability/engines/monitor.ts';
import { ARCHIVE_PARAMETERS } from './postgres-archive.ts';

/** Superuser of the server; reached over the unix socket by the user that runs it, and no other way. */
export const SUPERUSER = 'postgres';

/** What holds for the server of every landing. */
export const SHARED_PARAMETERS = {
  ssl_min_protocol_version: 'TLSv1.3',
  // The pools of processes and the limits of roles follow from the same number.
  max_connections: String(SERVER_CONNECTIONS),
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Without DETAIL, which shows the row that broke a constraint, with whatever is secret in it.
  log_error_verbosity: 'terse',
  // A replica that dies leaves a half-open connection behind; do not hold its locks for hours.
  tcp_keepalives_idle: '30',
  tcp_keepalives_interval: '10',
  tcp_keepalives_count: '3',
} as const;

/** Where the server listens. */
export interface PostgresListen {
  readonly address: string;
  readonly port: number;
}

/** Where the server listens, and whether it archives its log. */
export interface PostgresServing extends PostgresListen {
  readonly archive: boolean;
}

/**
 * postgresql.conf. TLS 1.3 only, certificates from the identity folder `tls`; the socket lies in the
 * runtime folder, which only the platform's user can enter.
 */
export function postgresqlConf({ address, port, archive }: PostgresServing): string {
  const parameters = { ...SHARED_PARAMETERS, ...(archive ? ARCHIVE_PARAMETERS : {}) };
  return lines([
    `listen_addresses = '${address}'`,
    `port = ${port}`,
    "unix_socket_directories = '${runtime}'",
    'unix_socket_permissions = 0700',
    'ssl = on',
    "ssl_cert_file = '${self:postgres}/tls/tls.crt'",
    "ssl_key_file = '${self:postgres}/tls/tls.key'",
    "ssl_ca_file = '${self:postgres}/tls/ca.crt'",
    "shared_buffers = '64MB'",
    "log_destination = 'stderr'",
    'logging_collector = off',
    "log_line_prefix = '%m [%p] %q%u@%d '",
    ...Object.entries(parameters).map(([name, value]) => `${name} = '${value}'`),
    "cluster_name = 'meridian'",
  ]);
}

/**
 * pg_hba.conf: the superuser over the socket, each service's role over TLS with its certificate and
 * only to its own database, and likewise who asks how the server is; nobody with a password, nobody in plaintext.
 */
export function pgHbaConf(grants: readonly DatabaseGrant[]): string {
  return lines([
    `local all ${SUPERUSER} peer map=superuser`,
    ...databaseUsers(grants).map(
      ({ database, serviceRole }) =>
        `hostssl ${database} ${serviceRole} 127.0.0.0/8 cert clientcert=verify-full map=service`,
    ),
    'local all all reject',
    'host all all all reject',
  ]);
}

/** Who comes in with a certificate, and to which database alone. */
export function databaseUsers(
  grants: readonly DatabaseGrant[],
): readonly Pick<DatabaseGrant, 'database' | 'serviceRole'>[] {
  return [...grants, MONITOR_GRANTS.postgres];
}

/** pg_ident.conf: common name of a certificate → role; any user that can reach the socket → superuser. */
export function pgIdentConf(grants: readonly DatabaseGrant[]): string {
  const roles = [...new Set([...grants.map(({ serviceRole }) => serviceRole), MONITOR])];
  return lines([`superuser /^.*$ ${SUPERUSER}`, ...roles.map((role) => `service ${role} ${role}`)]);
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
