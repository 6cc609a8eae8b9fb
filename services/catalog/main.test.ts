import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { spiffe, TestWorld } from '@meridian/kit/testing/world.ts';
import { startPostgres, type ThrowAwayPostgres } from '../../tests/engines/postgres.ts';
import { startRedis, type ThrowAwayRedis } from '../../tests/engines/redis.ts';

const IMPORT = '/meridian.catalog.v1.CatalogService/ImportProducts';
const children: ChildProcess[] = [];
let world: TestWorld;
let postgres: ThrowAwayPostgres;
let redis: ThrowAwayRedis;
let servicePort: number;
let opsPort: number;

beforeAll(async () => {
  world = await TestWorld.create();
  postgres = await startPostgres({
    tls: await world.authority.issue({ addresses: ['127.0.0.1'] }),
  });
  await postgres.createDatabase('catalog', 'services/catalog/migrations');
  [servicePort, opsPort] = await freePorts();
  const folder = await world.prepare('catalog', {
    listen: { address: '127.0.0.1', port: servicePort },
    ops: { address: '127.0.0.1', port: opsPort },
    allow: { [IMPORT]: [spiffe('catalogue-seed')] },
  });
  const client = await world.authority.issue({ commonName: 'catalog' });
  writeIdentity(join(folder, 'postgres-tls'), client);
  bind(folder, 'catalog-postgres', {
    type: 'postgresql',
    provider: 'meridian',
    host: '127.0.0.1',
    port: String(postgres.port),
    database: 'catalog',
    username: 'catalog',
    sslmode: 'verify-full',
    'tls-folder': 'postgres-tls',
  });
  // There is no Kafka at that address: events wait, and nothing else does.
  bind(folder, 'kafka', {
    type: 'kafka',
    provider: 'meridian',
    'bootstrap-servers': '127.0.0.1:9',
    'tls-folder': 'kafka-tls',
  });
  writeIdentity(join(folder, 'kafka-tls'), client);
  redis = await startRedis(world.authority);
  await redis.bind(folder, 'catalog-redis', await redis.createUser('catalog', 'catalog:'));
  start('./main.ts', folder);
  await eventually(async () => {
    const response = await fetch(`http://127.0.0.1:${opsPort}/readyz`);
    expect(response.status).toBe(200);
  });
}, 120_000);

afterAll(async () => {
  await Promise.all(children.map(stop));
  await postgres.stop();
  await redis.stop();
  await world.close();
});

function bind(folder: string, name: string, properties: Readonly<Record<string, string>>): void {
  mkdirSync(join(folder, 'bindings', name), { recursive: true });
  for (const [key, value] of Object.entries(properties)) {
    writeFileSync(join(folder, 'bindings', name, key), value);
  }
}

function start(main: string, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn(
    process.execPath,
    ['--tls-min-v1.3', fileURLToPath(new URL(main, import.meta.url))],
    {
      cwd,
      env: {
        SERVICE_BINDING_ROOT: join(cwd, 'bindings'),
        MERIDIAN_SERVICE_FILE: join(cwd, 'config/service.json'),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  children.push(child);
  const output = { text: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output.text += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output.text += chunk));
  return { child, output };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function freePorts(): Promise<[number, number]> {
  const servers = [0, 0].map(() => createServer().listen(0, '127.0.0.1'));
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server, 'listening');
      return (server.address() as { port: number }).port;
    }),
  );
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return [ports[0] ?? 0, ports[1] ?? 0];
}

async function seed(caller: string, products: string): Promise<{ code: number; output: string }> {
  const folder = await world.prepare(caller);
  bind(folder, 'catalog', {
    type: 'grpc',
    provider: 'meridian',
    uri: 'addresses:catalog/addresses',
    'spiffe-id': spiffe('catalog'),
    addresses: `127.0.0.1:${servicePort}\n`,
  });
  const { child, output } = start('./seed/main.ts', folder, { SEED_PRODUCTS: products });
  await once(child, 'close');
  return { code: child.exitCode ?? -1, output: output.text };
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

test('without its database catalog lives on and says that it is not ready', async () => {
  await postgres.stop();
  await eventually(async () => {
    const response = await fetch(`http://127.0.0.1:${opsPort}/readyz`);
    expect(response.status).toBe(503);
  });
  expect((await fetch(`http://127.0.0.1:${opsPort}/healthz`)).status).toBe(200);
}, 30_000);
