import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { connectPatiently, readServer } from '../postgres-server.ts';
import type { MigrateOrder } from './migrate-order.ts';

/**
 * Connects as the migrator, by its certificate or its password, once the database lets it in.
 * @throws {CodedError} POSTGRES_NOT_REACHED when it does not within the patience of the order
 */
export async function connectMigrator(order: MigrateOrder): Promise<pg.Client> {
  const { port, database, role: user, patienceMs } = order;
  const awaited = { port, database, patienceMs };
  if ('serverFolder' in order) {
    const { serverFolder } = order;
    const { host, ca } = await readServer(serverFolder);
    return connectPatiently({ ...awaited, host }, async () => {
      const password = (await readFile(join(serverFolder, 'password'), 'utf8')).trim();
      return { user, password, ssl: { ca, minVersion: 'TLSv1.2' } };
    });
  }
  const { host, tlsFolder } = order;
  const file = (name: string): Promise<string> => readFile(join(tlsFolder, name), 'utf8');
  return connectPatiently({ ...awaited, host }, async () => {
    const [cert, key, ca] = await Promise.all([file('tls.crt'), file('tls.key'), file('ca.crt')]);
    // Nothing of the environment (PGPASSWORD) is meant for this server.
    return { user, password: '', ssl: { cert, key, ca, minVersion: 'TLSv1.3' } };
  });
}
