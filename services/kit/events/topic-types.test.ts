import { expect, test } from '@jest/globals';
import type { PublishedTopic } from '@meridian/components/model/client-types.ts';
import { defineService } from '@meridian/components/model/service.ts';
import { topic } from '@meridian/language/topic.ts';
import type { EventOf } from '@meridian/language/topic.ts';
import type { OpenOutbox } from '../run-service.ts';
import type { ConsumeOptions } from './consume.ts';
import {
  EchoRequestSchema,
  EchoResponseSchema,
} from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { domainEvent } from './domain-event.ts';
import type { DomainEvent } from './domain-event.ts';
import { on, onAny } from './event-handler.ts';
import { Outbox } from './outbox.ts';
import { shopEvents } from './testing/shop-events.ts';

const common = {
  summary: 'A test',
  owner: 'testers',
  slot: 0,
  exposure: 'internal',
  objectives: { availabilityPercent: 99, latencyP95Ms: 100, latencyP99Ms: 200 },
  implemented: true,
  contract: undefined,
} as const;
const sales = shopEvents;
const visits = topic({ name: 'shop.events.v2', key: 'visit_id', events: [EchoResponseSchema] });
const shop = defineService({ ...common, name: 'shop', publishes: [sales] });
const ledger = defineService({ ...common, name: 'ledger', consumes: [sales, visits] });
const aggregate = { key: 'a', version: 1n };

test('an outbox takes the events of the topics that the declaration publishes, and no others', () => {
  const openOutbox: OpenOutbox<typeof shop> = () =>
    Promise.resolve(new Outbox<PublishedTopic<typeof shop>>(() => undefined));
  type Opened = Awaited<ReturnType<typeof openOutbox>>;
  type Added<T extends PublishedTopic<typeof shop>> = Parameters<Opened['add']> &
    readonly [unknown, T, readonly DomainEvent<EventOf<T>>[]];
  const allowed: Added<typeof sales>[1] = sales;
  const event: Added<typeof sales>[2][0] = domainEvent(EchoRequestSchema, {}, aggregate);
  // @ts-expect-error shop does not publish this topic
  const refused: Parameters<Opened['add']>[1] = visits;
  // @ts-expect-error the topic has no such event
  const foreign: Added<typeof sales>[2][0] = domainEvent(EchoResponseSchema, {}, aggregate);
  expect([openOutbox, allowed, event, refused, foreign]).not.toContain(undefined);
  expect(shop.publishes).toEqual([allowed]);
});

test('a service that publishes nothing has no outbox to open', () => {
  const none: OpenOutbox<typeof ledger> = undefined;
  // @ts-expect-error there is nothing that could be called
  const some: OpenOutbox<typeof ledger> = () => Promise.resolve(undefined);
  expect([ledger.publishes.length, none, typeof some]).toEqual([0, undefined, 'function']);
});

test('a consumer handles every topic that the declaration consumes, with its events, and no other', () => {
  const sold = on(EchoRequestSchema, () => Promise.resolve());
  const visited = on(EchoResponseSchema, () => Promise.resolve());
  const any = onAny(() => Promise.resolve());
  const topics: ConsumeOptions<typeof ledger>['topics'] = {
    [sales.name]: [sold, any],
    [visits.name]: [visited, any],
  };
  // @ts-expect-error the handlers of the visits are missing
  const missing: ConsumeOptions<typeof ledger>['topics'] = { [sales.name]: [] };
  const wrong: ConsumeOptions<typeof ledger>['topics'] = {
    // @ts-expect-error no visit is a sale
    [sales.name]: [visited],
    [visits.name]: [],
  };
  // @ts-expect-error shop consumes nothing
  const foreign: ConsumeOptions<typeof shop>['topics'] = { [sales.name]: [] };
  expect([topics, missing, wrong, foreign].map((each) => Object.keys(each).length)).toEqual([
    2, 1, 2, 1,
  ]);
});
