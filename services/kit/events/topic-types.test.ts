import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { PublishedTopic } from '@meridian/components/model/client-types.ts';
import { defineService } from '@meridian/components/model/service.ts';
import { topic } from '@meridian/components/model/topic.ts';
import type { OpenOutbox } from '../run-service.ts';
import type { ConsumeOptions } from './consume.ts';
import { Outbox } from './outbox.ts';

const common = {
  summary: 'A test',
  slot: 0,
  exposure: 'internal',
  objectives: { availabilityPercent: 99, latencyP95Ms: 100, latencyP99Ms: 200 },
  implemented: true,
  contract: undefined,
} as const;
const sales = topic({ name: 'shop.events.v1', key: 'sale_id' });
const visits = topic({ name: 'shop.events.v2', key: 'visit_id' });
const shop = defineService({ ...common, name: 'shop', publishes: [sales] });
const ledger = defineService({ ...common, name: 'ledger', consumes: [sales, visits] });

test('an outbox takes events for the topics that the declaration publishes, and for no other', () => {
  type TopicName = PublishedTopic<typeof shop>;
  const openOutbox: OpenOutbox<typeof shop> = () =>
    Promise.resolve(new Outbox<TopicName>(() => undefined));
  expect(openOutbox).toBeDefined();
  type Opened = Awaited<ReturnType<typeof openOutbox>>;
  const allowed: Parameters<Opened['add']>[1] = 'shop.events.v1';
  // @ts-expect-error shop does not publish this topic
  const refused: Parameters<Opened['add']>[1] = 'shop.events.v2';
  expect(shop.publishes.map(({ name }) => name)).toEqual([allowed]);
  expect(shop.publishes.map(({ name }) => name)).not.toContain(refused);
});

test('a service that publishes nothing has no outbox to open', () => {
  const none: OpenOutbox<typeof ledger> = undefined;
  // @ts-expect-error there is nothing that could be called
  const some: OpenOutbox<typeof ledger> = () => Promise.resolve(undefined);
  expect([ledger.publishes.length, none, typeof some]).toEqual([0, undefined, 'function']);
});

test('a consumer handles every topic that the declaration consumes, and no other', () => {
  const topics: ConsumeOptions<typeof ledger>['topics'] = {
    'shop.events.v1': [],
    'shop.events.v2': [],
  };
  // @ts-expect-error the handlers of shop.events.v2 are missing
  const missing: ConsumeOptions<typeof ledger>['topics'] = { 'shop.events.v1': [] };
  // @ts-expect-error shop consumes nothing
  const foreign: ConsumeOptions<typeof shop>['topics'] = { 'shop.events.v1': [] };
  expect([topics, missing, foreign].map((each) => Object.keys(each).length)).toEqual([2, 1, 1]);
});

test.each([
  ['catalog/migrations/0002_create-outbox.sql', 'kit/events/tables/1_outbox.sql'],
  ['identity/migrations/0004_create-outbox.sql', 'kit/events/tables/1_outbox.sql'],
  [
    'catalog/migrations/0003_create-idempotency-keys.sql',
    'kit/idempotency/tables/1_idempotency-keys.sql',
  ],
  [
    'identity/migrations/0006_create-idempotency-keys.sql',
    'kit/idempotency/tables/1_idempotency-keys.sql',
  ],
])('%s makes the table that the kit works with', (migration, table) => {
  const read = (path: string): string =>
    readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  expect(read(migration)).toBe(read(table));
});
