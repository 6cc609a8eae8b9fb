import { binding, FOR_EVER } from '@meridian/language/bindings.ts';
import type { DatabaseGrant } from '../model/grants.ts';

/** Identity folder of a process towards PostgreSQL; one role, so one certificate for all its stores. */
export const POSTGRES_IDENTITY_FOLDER = 'postgres-tls';

/** The properties of a service's binding to its database; none of them is secret. */
export function postgresBinding(
  { database, serviceRole, keepDays }: Pick<DatabaseGrant, 'database' | 'serviceRole' | 'keepDays'>,
  { host, port }: { readonly host: string; readonly port: number },
): Readonly<Record<string, string>> {
  return binding('postgresql', {
    host,
    port: String(port),
    database,
    username: serviceRole,
    sslmode: 'verify-full',
    'tls-folder': POSTGRES_IDENTITY_FOLDER,
    ...(keepDays === undefined ? {} : { 'keep-days': keepDays?.toString() ?? FOR_EVER }),
  });
}
