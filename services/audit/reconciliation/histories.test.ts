import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { StockChangedSchema } from '@meridian/catalog/contract/gen/meridian/catalog/v1/events_pb.js';
import { StockSchema } from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import type { Database } from '@meridian/kit/postgres/database.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { DatabaseProcess } from '@meridian/kit/postgres/testing/database-world.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { Pool } from 'pg';
import { enterBaseline } from '../baseline/enter-baseline.ts';
import { AuditService } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import { EventStore } from '../event-store.ts';
import type { StoredEvent } from '../stored-event.ts';
import { sealPending } from '../testing/seal-pending.ts';
import { AGGREGATE_KINDS } from './aggregates.ts';
import { askedTrail } from './asked-trail.ts';
import { reconcile } from './findings.ts';
import { historyHandlers } from './handlers.ts';
import { reconciliation } from './schedule.ts';
import type { RowClients } from './services.ts';
import { asked } from './testing/asked-handlers.ts';

const CATALOG = 'spiffe://meridian.local/ns/meridian/sa/catalog';

let world: DatabaseWorld;
let pool: Pool;
let database: Database;
let runtime: DatabaseProcess['runtime'];
let handlers: ReturnType<typeof historyHandlers>;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  pool = await world.createDatabase('audit', 'services/audit/migrations');
  ({ database, runtime } = await world.open('audit'));
  const pages = new PageTokens(() => Promise.resolve(Buffer.alloc(32)));
  handlers = historyHandlers({ session: database, pages });
}, 90_000);

afterAll(() => world.close());

beforeEach(() =>
  pool.query(`BEGIN; SET LOCAL session_replication_role = replica;
    TRUNCATE events, pending, entries; UPDATE log_head SET log = 1, size = 0; COMMIT`),
);

const stock = (productId: string, version: bigint) => ({ productId, version, onHand: 5 });

function event(subject: string, version: bigint | undefined, more: Partial<StoredEvent> = {}) {
  const state = stock(subject.split('/')[0] ?? '', version ?? 1n);
  const stored: StoredEvent = {
    ...{ kind: 'event', source: CATALOG, id: `${subject}@${version}`, subject, version },
    ...{ type: StockChangedSchema.typeName, time: new Date(0), causationId: undefined },
    correlationId: 'x',
    data: toBinary(StockChangedSchema, create(StockChangedSchema, { stock: state })),
    ...more,
  };
  return stored;
}

/** Gives what is pending a place in the log of that number. */
async function seal(log = 1): Promise<void> {
  await pool.query('UPDATE log_head SET log = $1', [log]);
  await sealPending(pool);
}

/** Ids of what is listed, page by page. */
async function listed(pageSize: number, subjects: readonly string[] = []): Promise<string[][]> {
  const ask = asked(AuditService.method.listHistories, handlers.listHistories);
  const pages: string[][] = [];
  for (let pageToken = ''; ;) {
    const page = await ask({ source: CATALOG, subjects: [...subjects], pageSize, pageToken });
    pages.push(page.entries.map(({ eventId }) => eventId));
    if (page.nextPageToken === '') return pages;
    pageToken = page.nextPageToken;
  }
}

test('histories are listed by subject and version, whatever came first, sealed ones alone', async () => {
  const store = new EventStore(database);
  await store.add([event('b/stock', 10n), event('b/stock', 9n), event('a/stock', undefined)]);
  await seal();
  await store.add([
    event('a/stock', 2n),
    event('a/stock', 1n),
    event('b/stock', 9n, { kind: 'baseline', id: 'baseline/b/stock/9' }),
    event('a/stock', undefined, { id: 'a/stock@before' }),
    event('a/stock', 1n, { source: `${CATALOG}s`, id: 'of another' }),
    event('c', 1n),
  ]);
  // Of a log before this one.
  await seal(2);
  await store.add([event('a/stock', 3n)]);
  const inOrder = [
    ...['a/stock@1', 'a/stock@2', 'a/stock@before', 'a/stock@undefined'],
    ...['b/stock@9', 'baseline/b/stock/9', 'b/stock@10', 'c@1'],
  ];
  for (const size of [1, 2, 3, 7, 8, 9]) {
    const pages = await listed(size);
    expect(pages.flat()).toEqual(inOrder);
    expect(pages).toHaveLength(Math.ceil(inOrder.length / size));
  }
  const named = await listed(3, ['c', 'a/stock', 'unknown']);
  expect(named.flat()).toEqual([...inOrder.slice(0, 4), 'c@1']);
  expect(named).toHaveLength(2);
});

test('a page has as many bytes as an answer can have, and one entry at least', async () => {
  const data = Buffer.alloc(1_500_000);
  await new EventStore(database).add([1n, 2n, 3n].map((version) => event('a', version, { data })));
  await seal();
  expect(await listed(10)).toEqual([['a@1'], ['a@2'], ['a@3']]);
});

/** Catalog with so many versions of the stock of three products, held against this trail. */
function ofStock() {
  const kind = AGGREGATE_KINDS.find(({ name }) => name === 'stock');
  if (kind === undefined) throw new Error('stock has a kind');
  const rows = ['a', 'b', 'c'].map((id) => create(StockSchema, stock(id, 3n)));
  const list = () => Promise.resolve({ rows, next: '' });
  const listHistories = asked(AuditService.method.listHistories, handlers.listHistories);
  return {
    services: [{ name: 'catalog', source: CATALOG, kinds: [{ kind, list }] }],
    trail: askedTrail({ listHistories }, { signal: new AbortController().signal }),
    pause: () => Promise.resolve(),
  };
}

test('a baseline is entered once, of what has no beginning, and then nothing is missing', async () => {
  const store = new EventStore(database);
  // Of a all is there, of b the newest, of c nothing; and what is lost later does not begin it.
  await store.add([1n, 2n, 3n].map((version) => event('a/stock', version)));
  await store.add([event('b/stock', 3n)]);
  await seal();
  expect(await reconcile(ofStock())).toMatchObject({
    ...{ discrepancyCount: 2, withoutBeginning: 2 },
    kinds: [{ service: 'catalog', kind: 'stock', aggregates: 3, entries: 4 }],
  });
  const headless = [{ service: 'catalog', kind: 'stock', aggregates: 2 }];
  expect(await enterBaseline(ofStock())).toEqual({ headless, entered: 0 });
  const importBaseline = asked(AuditService.method.importBaseline, handlers.importBaseline);
  const enter = async (states: Parameters<typeof importBaseline>[0]['states']) =>
    (await importBaseline({ states: states ?? [] })).importedCount;
  const entering = {
    ...ofStock(),
    enter: (states: readonly object[]) => enter([...states]),
  };
  expect(await enterBaseline(entering)).toEqual({ headless, entered: 2 });
  // Before it is sealed, too.
  expect(await enterBaseline(entering)).toEqual({ headless, entered: 0 });
  await seal();
  expect(await reconcile(ofStock())).toMatchObject({
    ...{ discrepancyCount: 0, withoutBeginning: 0 },
    kinds: [{ aggregates: 3, entries: 6 }],
  });
  const { rows } = await pool.query(
    "SELECT id, version::int, correlation_id FROM events WHERE kind = 'baseline' ORDER BY id",
  );
  const ids = ['baseline/b/stock/3', 'baseline/c/stock/3'];
  expect(rows).toEqual(ids.map((id) => ({ id, version: 3, correlation_id: id })));
});

test('a baseline that does not tell the state that it names is refused', async () => {
  const importBaseline = asked(AuditService.method.importBaseline, handlers.importBaseline);
  const { type, data } = event('a/stock', 3n);
  const good = { source: CATALOG, subject: 'a/stock', version: 3n, type, data };
  for (const bad of [
    { ...good, version: 4n },
    { ...good, data: Buffer.from([255]) },
    { ...good, source: 'kafka:catalog.events.v1' },
    { ...good, subject: 'a' },
  ]) {
    await expect(importBaseline({ states: [good, bad] })).rejects.toThrow(
      /^states\[1\]\.data must/,
    );
  }
  expect((await pool.query('SELECT FROM events')).rowCount).toBe(0);
});

test('the run of the service itself reads its own database, and its metrics say what it found', async () => {
  await new EventStore(database).add([1n, 3n].map((version) => event('a/stock', version)));
  await seal();
  const none = (name: string) => () => Promise.resolve({ [name]: [], nextPageToken: '' });
  const clients = {
    catalog: {
      ...{ listAllProducts: none('products'), listReservations: none('reservations') },
      listStock: () =>
        Promise.resolve({ stock: [create(StockSchema, stock('a', 3n))], nextPageToken: '' }),
    },
    identity: { listAccounts: none('accounts') },
    orders: { listAllOrders: none('orders') },
    payments: { listPayments: none('payments') },
  } as unknown as RowClients;
  const { configuration } = runtime;
  const run = reconciliation({ session: database, clients, runtime });
  const { discrepancies } = await run(new AbortController().signal);
  expect(configuration.spiffeId).toBe(CATALOG.replace('catalog', 'audit'));
  expect(discrepancies).toEqual([
    {
      ...{ service: 'catalog', about: 'stock a/stock', rule: 'every version has an event' },
      found: 'of 3, missing: 2',
    },
  ]);
  const shown = await runtime.metrics.registry.metrics();
  expect(shown).toMatch(/^audit_reconciliation_discrepancies(\{.*\})? 1$/m);
  expect(shown).toMatch(/^audit_reconciliation_timestamp_seconds(\{.*\})? [1-9]/m);
});
