import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sharedAuthority, sharedIndex } from '../../../tests/engines/shared-engines.ts';
import type { SharedIndex } from '../../../tests/engines/shared-engines.ts';
import { eventually } from '../testing/eventually.ts';
import { Way } from '../testing/way.ts';
import { TestWorld } from '../testing/world.ts';
import type { TestProcess } from '../testing/world.ts';
import { openElasticsearch } from './elasticsearch.ts';
import type { Elasticsearch } from './elasticsearch.ts';

let index: SharedIndex;
let world: TestWorld;
let way: Way;
let process: TestProcess;
let elasticsearch: Elasticsearch;

beforeAll(async () => {
  index = await sharedIndex('kit');
  world = await TestWorld.create(await sharedAuthority());
  way = new Way(index.port);
}, 180_000);

afterAll(() => world.close());

beforeEach(async () => {
  way.hang(false);
  await way.open();
  const folder = await world.prepare('search');
  await index.bind(folder, 'kit-elasticsearch', { port: String(way.port) });
  process = await world.start(folder);
  elasticsearch = openElasticsearch(process.runtime, 'kit-elasticsearch', {
    timeoutMs: 500,
    probeIntervalMs: 50,
  });
  process.runtime.readiness.serving();
});

afterEach(async () => {
  await process.runtime.stop();
  await way.close();
});

const isThere = (there: boolean) =>
  eventually(() => expect(elasticsearch.isThere).toBe(there), 30_000);

const ask = () =>
  elasticsearch.request('search', { method: 'GET', path: `/${index.index}/_search` });

const readiness = async () => (await process.runtime.readiness.report()).status;

test('what Elasticsearch refuses is told with its type, and it is asked again', async () => {
  await isThere(true);
  await expect(ask()).rejects.toMatchObject({ status: 404, type: 'index_not_found_exception' });
  expect(elasticsearch.isThere).toBe(true);
  await eventually(async () => expect(await readiness()).toBe('ready'));
});

test('while it is away nobody asks it, the process is degraded, and it is used again when it is back', async () => {
  await isThere(true);
  await way.close();
  await isThere(false);
  await eventually(async () => expect(await readiness()).toBe('degraded'));
  await expect(ask()).rejects.toMatchObject({ status: 'UNAVAILABLE' });
  await way.open();
  await isThere(true);
  await expect(ask()).rejects.toMatchObject({ status: 404 });
}, 60_000);

test('one that hangs is waited for a few times, and then by nobody', async () => {
  await isThere(true);
  way.hang(true);
  await expect(ask()).rejects.toMatchObject({ status: 'UNAVAILABLE' });
  await isThere(false);
  way.hang(false);
  // What was swallowed broke the connections that were there.
  await way.close();
  await way.open();
  await isThere(true);
}, 60_000);
