/** Where RDS accepts. */
export const POSTGRES_PORT = 5_432;

/** Who owns the server; RDS keeps its password, and renews it every week. */
export const SERVER_OWNER = 'postgres';

/** The role that runs migrations: it owns nothing and becomes an owner for as long as it takes. */
export const MIGRATOR_ROLE = 'migrator';

/**
 * The role of people who look, by a token of IAM: it reads what the server says of itself, and no row of a table.
 * Source: Amazon RDS User Guide, "IAM database authentication for MariaDB, MySQL, and PostgreSQL"
 */
export const ONLOOKER_ROLE = 'onlooker';

/** Sessions of people at once, of those that no service gets. */
export const ONLOOKER_CONNECTIONS = 3;

/** Secrets of Jobs, in the namespace of the engines; so are the folders that they are mounted at. */
export const SERVER_SECRET = 'postgres-server';
export const PASSWORDS_SECRET = 'postgres-passwords';
export const MIGRATOR_SECRET = 'postgres-migrator';

/** As whom the Job runs that makes roles, and may read who owns the server. */
export const ROLES_ACCOUNT = 'postgres-roles';

/** Values of the cloud, as Secrets name them. */
export const ENDPOINT = 'endpoint';
export const OWNER_SECRET = 'owner-secret';

/** The value of the cloud that is a role's password. */
export function passwordOf(role: string): string {
  return `password of ${role}`;
}
