import type { Folders } from '@meridian/provider-local/folders.ts';
import { withRedisAdmin } from '@meridian/provider-local/redis/admin-connection.ts';
import type { RedisAdmin, RedisServer } from '@meridian/provider-local/redis/admin-connection.ts';
import { z } from 'zod';
import { textsIn } from './found.ts';
import type { Found } from './found.ts';

const pageSchema = z.tuple([z.string(), z.array(z.string())]);

/** What gives all of a value, by its type. */
const READ: Readonly<Record<string, (key: string) => readonly string[]>> = {
  string: (key) => ['GET', key],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  set: (key) => ['SMEMBERS', key],
  zset: (key) => ['ZRANGE', key, '0', '-1'],
  stream: (key) => ['XRANGE', key, '-', '+'],
};

/** Every key of Redis with its value, by what keys begin with. */
export async function inKeys(
  folders: Folders,
  server: RedisServer,
  texts: readonly string[],
): Promise<readonly Found[]> {
  return await withRedisAdmin({ folders, server }, async (admin) => {
    const found = new Map<string, Set<string>>();
    for (const key of await keysOf(admin)) {
      const prefix = `${key.split(':')[0]}:`;
      const there = found.get(prefix) ?? new Set<string>();
      found.set(prefix, there);
      for (const text of textsIn(`${key} ${await valueOf(admin, key)}`, texts)) there.add(text);
    }
    return [...found].map(([prefix, there]) => ({ place: `keys ${prefix}`, texts: [...there] }));
  });
}

async function keysOf(admin: RedisAdmin): Promise<readonly string[]> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, page] = pageSchema.parse(await admin('SCAN', cursor, 'COUNT', '1000'));
    for (const key of page) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...keys];
}

async function valueOf(admin: RedisAdmin, key: string): Promise<string> {
  const type = String(await admin('TYPE', key));
  // It has expired meanwhile.
  if (type === 'none') return '';
  const read = READ[type];
  if (read === undefined) throw new Error(`Key '${key}': no way is known to read a '${type}'`);
  return JSON.stringify(await admin(...read(key)));
}
