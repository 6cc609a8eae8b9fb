import { binding, FOR_EVER } from '@meridian/language/bindings.ts';
import type { DatabaseGrant } from '../model/grants.ts';

/** Identity folder of a process towards PostgreSQL; one role, so one certificate for all its stores. */
export const POSTGRES_IDENTITY_FOLDER = 'postgres-tls';

/** Where a server is, and how it knows who comes. */
export interface PostgresPlace {
  readonly host: string;
  readonly port: number;
  /** @default a certificate says who comes */
  readonly password?: PostgresPassword;
}

/** Files that are relative to the working folder of the process, or absolute. */
export interface PostgresPassword {
  readonly passwordFile: string;
  /** Certificates by which the server proves who it is. */
  readonly caFile: string;
}

/** The properties of a service's binding to its database; none of them is secret. */
export function postgresBinding(
  { database, serviceRole, keepDays }: Pick<DatabaseGrant, 'database' | 'serviceRole' | 'keepDays'>,
  { host, port, password }: PostgresPlace,
): Readonly<Record<string, string>> {
  return binding('postgresql', {
    host,
    port: String(port),
    database,
    username: serviceRole,
    sslmode: 'verify-full',
    ...(password === undefined
      ? { 'tls-folder': POSTGRES_IDENTITY_FOLDER }
      : { 'password-file': password.passwordFile, 'ca-file': password.caFile }),
    ...(keepDays === undefined ? {} : { 'keep-days': keepDays?.toString() ?? FOR_EVER }),
  });
}
