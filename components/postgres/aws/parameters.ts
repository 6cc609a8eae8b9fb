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
  // Statements that fail are logged without their values.
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
