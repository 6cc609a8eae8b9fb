import { join } from 'node:path';
import type { Database } from '@meridian/kit/postgres/database.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { createLogger } from '@meridian/kit/telemetry/logger.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { SigningKey } from '@meridian/kit/tls/signing-key.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { KeyStore } from './key-store.ts';
import { TokenKeys } from './token-keys.ts';

let count = 0;
let world: DatabaseWorld;
let pool: Pool;
let database: Database;
let store: KeyStore;
let folder: string;
let signingKey: SigningKey;
let keys: TokenKeys | undefined;

const log = createLogger(
  { service: 'identity', version: '1', instance: 'identity-a-0', zone: 'a', logLevel: 'error' },
  { write: () => undefined },
);

beforeAll(async () => {
  world = await DatabaseWorld.create();
  pool = await world.createDatabase('identity', 'services/identity/migrations');
  ({ database } = await world.open('identity'));
  store = new KeyStore(database);
}, 90_000);

beforeEach(async () => {
  await pool.query('DELETE FROM signing_keys');
  folder = join(world.world.folder, `key-${++count}`, 'token-signing');
  await renew();
  signingKey = SigningKey.open(folder);
});

afterEach(() => {
  keys?.close();
  signingKey.close();
});

afterAll(() => world.close());

async function renew(lifetimeMs = 3_600_000): Promise<void> {
  const { authority } = world.world;
  writeIdentity(folder, await authority.issue({ uris: ['spiffe://a/b'], signs: true, lifetimeMs }));
}

const listed = async () => (await store.list()).map(({ kid }) => kid);

describe('the key that signs tokens', () => {
  test('is published before it is in use', async () => {
    keys = new TokenKeys(signingKey, store, log);
    expect(() => keys?.current).toThrow(/no key to sign tokens with yet/);
    expect(keys.check).toThrow('no key is published yet');
    await keys.publish();
    expect(keys.check).not.toThrow();
    expect(keys.current.kid).toBe(signingKey.current.kid);
    expect(await listed()).toEqual([keys.current.kid]);
  });

  test('is a renewed one only when that one is published, and the old one stays listed', async () => {
    const order: string[] = [];
    let held = false;
    const gate = Promise.withResolvers<undefined>();
    const gated = new KeyStore({
      query: async (statement) => {
        if (held) await gate.promise;
        order.push(statement.name);
        return database.query(statement);
      },
    });
    keys = new TokenKeys(signingKey, gated, log);
    await keys.publish();
    const first = keys.current.kid;
    held = true;
    await renew();
    await eventually(() => expect(signingKey.current.kid).not.toBe(first));
    expect(keys.current.kid).toBe(first);
    gate.resolve(undefined);
    await eventually(() => expect(keys?.current.kid).toBe(signingKey.current.kid));
    await keys.publish();
    expect(order).toContain('retire_signing_key');
    expect(await listed()).toEqual([first, signingKey.current.kid]);
  });

  test('is published as soon as the database is there again', async () => {
    let down = true;
    const failing = new KeyStore({
      query: (statement) => (down ? Promise.reject(new Error('down')) : database.query(statement)),
    });
    keys = new TokenKeys(signingKey, failing, log);
    await keys.publish();
    expect(keys.check).toThrow();
    down = false;
    await eventually(() => expect(keys?.check).not.toThrow());
    expect(await listed()).toEqual([signingKey.current.kid]);
  });

  test('is put back into a database that was made again', async () => {
    keys = new TokenKeys(signingKey, store, log);
    await keys.publish();
    await pool.query('DELETE FROM signing_keys');
    await keys.publish();
    expect(await listed()).toEqual([signingKey.current.kid]);
  });

  test('signs nothing after its certificate has expired', async () => {
    await renew(-1_000);
    const expired = SigningKey.open(folder);
    keys = new TokenKeys(expired, store, log);
    await keys.publish();
    expect(() => keys?.current).toThrow(/no key to sign tokens/);
    expired.close();
  });
});
