import { SHARED_PARAMETERS } from '../postgres-configuration.ts';

/** A parameter of the cluster's group. */
export interface PostgresParameter {
  readonly name: string;
  readonly value: string;
  /** Of static ones RDS takes no other word than 'pending-reboot', and they hold from the first start. */
  readonly applyMethod: 'immediate' | 'pending-reboot';
}

/** Families of groups have the major version in their name. */
export const PARAMETER_FAMILY = 'postgres17';

/**
 * Static in RDS. Source: Amazon RDS User Guide, "Working with parameters on your RDS for PostgreSQL DB instance", column "Apply type"
 */
const STATIC: ReadonlySet<string> = new Set(['max_connections', 'rds.logical_replication']);

/** What of the parameters of every landing RDS keeps to itself, or has another name for. */
const NOT_OURS: ReadonlySet<string> = new Set([
  // UTC already, and not modifiable.
  'log_timezone',
  // The server's least is 1.2; a client that knows 1.3, as ours, gets it.
  'ssl_min_protocol_version',
]);

/** What only a server has that AWS manages. */
const OF_RDS: Readonly<Record<string, string>> = {
  // Nobody without TLS. Source: Amazon RDS User Guide, "Requiring an SSL connection to a PostgreSQL DB instance"
  'rds.force_ssl': '1',
  // No password is kept as MD5, nor taken for one.
  password_encryption: 'scram-sha-256',
  'rds.accepted_password_auth_method': 'scram',
  // Nobody follows the log of changes but RDS: a slot that nobody reads would fill the volume.
  'rds.logical_replication': '0',
  // Who changed what a database is like: passwords in it are verifiers, which jobs/roles makes before it asks.
  log_statement: 'ddl',
  // Statements that take longer than a second (in ms), as they are written: services give values beside them.
  // Source: Amazon RDS User Guide, "Turning on query logging for your RDS for PostgreSQL DB instance"
  log_min_duration_statement: '1000',
  // Neither these nor those that fail are logged with values (in bytes).
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
};

/** The parameters of the cluster, sorted by name. */
export function postgresParameters(): readonly PostgresParameter[] {
  const shared = Object.entries(SHARED_PARAMETERS).filter(([name]) => !NOT_OURS.has(name));
  return Object.entries({ ...Object.fromEntries(shared), ...OF_RDS })
    .map(([name, value]) => ({
      name,
      value,
      applyMethod: STATIC.has(name) ? ('pending-reboot' as const) : ('immediate' as const),
    }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
