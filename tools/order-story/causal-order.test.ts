import { expect, test } from '@jest/globals';
import { causalOrder } from './causal-order.ts';
import { effectRows } from './effect-row.ts';
import { eventRow } from './event-row.ts';
import type { Row } from './row.ts';

const at = (ms: number): string => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();

function event(
  aggregate: string,
  version: number,
  ms: number,
  causationId?: string,
  service = aggregate === 'order' ? 'orders' : 'x',
): Row {
  const id = service === 'payments' ? `payment@${version}` : `${aggregate}@${version}`;
  return {
    ...{ kind: 'event', id, event: 'Changed', service },
    ...{ aggregate, version, state: '', time: at(ms) },
    ...(causationId === undefined ? {} : { causationId }),
  };
}

function effect(sequence: number, orderVersion: number, ms: number): Row {
  return {
    ...{ kind: 'effect', sequence, orderVersion, time: at(ms), service: 'x', effect: 'ASK' },
    ...{ status: 'DONE', idempotencyKey: `key-${sequence}`, attempts: 1, outcome: '' },
  };
}

const nameOf = (row: Row): string => (row.kind === 'event' ? row.id : `effect ${row.sequence}`);

test('clocks that are wrong put nothing before its cause', () => {
  const rows = [
    event('order', 1, 5),
    effect(1, 1, 6),
    // The clock of the machine that was asked is behind.
    event('order/reservation', 1, 0, 'key-1'),
    event('order', 2, 3, 'order/reservation@1'),
    effect(2, 2, 4),
  ];
  const expected = ['order@1', 'effect 1', 'order/reservation@1', 'order@2', 'effect 2'];
  expect(causalOrder(rows, 'order').map(nameOf)).toEqual(expected);
  expect(causalOrder(rows.toReversed(), 'order').map(nameOf)).toEqual(expected);
});

test('a payment, whose key is that of its order, has versions of its own', () => {
  const rows = [
    event('order', 1, 0),
    effect(1, 1, 0),
    event('order', 2, 1, 'key-1'),
    effect(2, 2, 1),
    event('order', 1, 2, 'key-2', 'payments'),
    event('order', 2, 3, 'key-2', 'payments'),
    effect(3, 2, 4),
    event('order', 3, 5, 'key-3', 'payments'),
    event('order', 4, 6, 'key-3', 'payments'),
    event('order', 3, 7, 'key-3'),
  ];
  const byTime = rows.map(nameOf);
  expect(causalOrder(rows, 'order').map(nameOf)).toEqual(byTime);
  expect(causalOrder(rows.toReversed(), 'order').map(nameOf)).toEqual(byTime);
});

test('what contradicts itself is told all the same, each once', () => {
  const rows = [event('a', 1, 1, 'b@1'), event('b', 1, 2, 'a@1')];
  expect(causalOrder(rows, 'order').map(nameOf)).toEqual(['a@1', 'b@1']);
});

test('an event of a purchase says what it is now, and other records are left out', () => {
  const line = {
    ...{ topic: 'orders.events.v1', partition: 0, offset: '1', key: 'o-1', id: 'e-1' },
    ...{ type: 'meridian.orders.v1.OrderChanged', time: at(1), causationId: 'c-1' },
    source: 'spiffe://meridian.local/ns/meridian/sa/orders',
    data: {
      order: {
        version: '3',
        status: 'ORDER_STATUS_CANCELLING',
        cancelCause: 'CANCEL_CAUSE_CUSTOMER',
      },
    },
  };
  expect(eventRow(line)).toEqual({
    ...{ kind: 'event', id: 'e-1', time: at(1), service: 'orders', event: 'OrderChanged' },
    ...{ aggregate: 'o-1', version: 3, state: 'CANCELLING (CUSTOMER)', causationId: 'c-1' },
  });
  expect(eventRow({ ...line, data: { stock: { version: '2', onHand: 4 } } })).toMatchObject({
    state: '4 on hand, 0 reserved',
  });
  expect(eventRow({ ...line, data: {} })).toBeUndefined();
});

test('effects are read as the contract writes them, and null is an order that there is not', () => {
  expect(effectRows('null')).toBeUndefined();
  expect(effectRows('{}')).toEqual([]);
  const effects = [
    {
      ...{ sequence: '1', kind: 'EFFECT_KIND_RESERVE_STOCK', status: 'EFFECT_STATUS_DUE' },
      ...{ orderVersion: '1', createTime: at(1) },
    },
  ];
  expect(effectRows(JSON.stringify({ effects }))).toEqual([
    {
      ...{ kind: 'effect', sequence: 1, effect: 'RESERVE_STOCK', service: 'catalog' },
      ...{ status: 'DUE', idempotencyKey: '', attempts: 0, orderVersion: 1, outcome: '' },
      time: at(1),
    },
  ]);
});
