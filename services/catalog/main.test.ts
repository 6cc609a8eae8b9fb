import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { writeBinding, writeServiceBinding } from '@meridian/kit/testing/bindings.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { MainProcess, opsStatus } from '@meridian/kit/testing/main-process.ts';
import { spiffe } from '@meridian/kit/testing/world.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { startRedis, type ThrowAwayRedis } from '../../tests/engines/redis.ts';

const IMPORT = '/meridian.catalog.v1.CatalogService/ImportProducts';
let world: DatabaseWorld;
let redis: ThrowAwayRedis;
let catalog: MainProcess;
let servicePort: number;
let opsPort: number;

beforeAll(async () => {
  world = await DatabaseWorld.createAlone();
  await world.createDatabase('catalog', 'services/catalog/migrations');
  [servicePort, opsPort] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
  const folder = await world.prepare('catalog', {
    listen: { address: '127.0.0.1', port: servicePort },
    ops: { address: '127.0.0.1', port: opsPort },
    allow: { [IMPORT]: [spiffe('catalogue-seed')] },
  });
  // There is no Kafka at that address: events wait, and nothing else does.
  writeBinding(folder, 'kafka', {
    type: 'kafka',
    'bootstrap-servers': '127.0.0.1:9',
    'tls-folder': 'kafka-tls',
  });
  const { authority } = world.world;
  writeIdentity(join(folder, 'kafka-tls'), await authority.issue({ commonName: 'catalog' }));
  redis = await startRedis(authority);
  await redis.bind(folder, 'catalog-redis', await redis.createUser('catalog', 'catalog:'));
  catalog = new MainProcess(new URL('./main.ts', import.meta.url), folder);
  await eventually(async () => expect(await opsStatus(opsPort, '/readyz')).toBe(200));
}, 120_000);

afterAll(async () => {
  await catalog.stop();
  await redis.stop();
  await world.close();
});

async function seed(caller: string, products: string): Promise<{ code: number; output: string }> {
  const folder = await world.world.prepare(caller);
  writeServiceBinding(folder, 'catalog', [servicePort]);
  const main = new URL('./seed/main.ts', import.meta.url);
  const task = new MainProcess(main, folder, { environment: { SEED_PRODUCTS: products } });
  return { code: await task.ended(), output: task.output };
}

test('the seed fills the catalogue over mutual TLS, and a second run changes nothing', async () => {
  const first = await seed('catalogue-seed', '500');
  expect(first.output).toMatch(/Done in .*: 500 created, 0 updated, 0 unchanged/);
  expect(first.code).toBe(0);
  const second = await seed('catalogue-seed', '500');
  expect(second.output).toMatch(/Nothing to change: .* 500 products/);
  expect(second.code).toBe(0);
}, 60_000);

test('nobody but the declared client may import', async () => {
  const { code, output } = await seed('search', '10');
  expect(output).toMatch(/PERMISSION_DENIED/);
  expect(code).toBe(1);
}, 60_000);

test('a number of products out of range is refused with one line', async () => {
  const { code, output } = await seed('catalogue-seed', 'many');
  expect(output).toMatch(/^KIT_CONFIGURATION: Seed: products must be 1 to 1000000, got 'many'/m);
  expect(output).not.toMatch(/ {4}at /);
  expect(code).toBe(78);
}, 60_000);

test('without its database catalog is degraded while it has its cache, and unready without both', async () => {
  const status = async (): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${opsPort}/readyz`);
    return [response.status, ((await response.json()) as { readonly status: string }).status];
  };
  await eventually(async () => expect(await status()).toEqual([200, 'ready']));
  await world.stopServer();
  await eventually(async () => expect(await status()).toEqual([200, 'degraded']));
  await redis.kill();
  await eventually(async () => expect(await status()).toEqual([503, 'unready']));
  expect(await opsStatus(opsPort, '/healthz')).toBe(200);
}, 30_000);
