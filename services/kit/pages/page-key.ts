import { hkdfSync } from 'node:crypto';
import type { Session } from '../postgres/database.ts';

/**
 * Gives the key that page tokens are signed with, the same in all replicas of a service and in no other
 * service. Asked for each token, so it keeps what it has found.
 */
export type PageKey = () => Promise<Uint8Array>;

const KEY_BYTES = 32;

/** The key in a service's database, whose table is a link to tables/1_page-keys.sql. */
export function pageKeyOfTable(session: Session): PageKey {
  let known: Uint8Array | undefined;
  return async () => {
    known ??= await readKey(session);
    return known;
  };
}

async function readKey(session: Session): Promise<Uint8Array> {
  const [row] = await session.query<{ key: Buffer }>({
    name: 'page_key',
    text: 'SELECT key FROM page_keys',
  });
  if (row === undefined) throw new Error('The table page_keys is empty; its migration fills it');
  return row.key;
}

/**
 * A key that follows from another secret which all replicas share, such as the password of a store, for a
 * service without a database. Another secret makes walks that are under way begin again.
 *
 * Source: RFC 5869; the name keeps it apart from whatever else may be derived.
 */
export function pageKeyOfSecret(secret: () => string | Promise<string>): PageKey {
  return async () =>
    new Uint8Array(hkdfSync('sha256', await secret(), '', 'meridian page tokens', KEY_BYTES));
}
