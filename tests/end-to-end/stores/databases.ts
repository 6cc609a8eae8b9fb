import { placesOfText, tablesOf } from '@meridian/kit/postgres/testing/places-of-text.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { withAdmin } from '@meridian/provider-local/postgres/admin-connection.ts';
import type { PostgresServer } from '@meridian/provider-local/postgres/identifiers.ts';
import { formsOf } from './found.ts';
import type { Found } from './found.ts';

/** Every table of every database of a server, whether the graph has it or not. */
export async function inDatabases(
  folders: Folders,
  server: PostgresServer,
  texts: readonly string[],
): Promise<readonly Found[]> {
  const databases = await withAdmin({ folders, server }, async (client) => {
    const { rows } = await client.query<{ readonly name: string }>(
      'SELECT datname AS name FROM pg_database WHERE datallowconn',
    );
    return rows.map(({ name }) => name);
  });
  const found = databases.map((database) =>
    withAdmin({ folders, server, database }, async (client) => {
      const places = new Map<string, Set<string>>();
      for (const name of await tablesOf(client)) places.set(name, new Set());
      for (const text of texts) {
        for (const form of formsOf(text)) {
          for (const table of await placesOfText(client, form)) places.get(table)?.add(text);
        }
      }
      return [...places].map(([table, there]): Found => ({
        place: `database ${database} ${table.replace(/^public\./, '')}`,
        texts: [...there],
      }));
    }),
  );
  return (await Promise.all(found)).flat();
}
