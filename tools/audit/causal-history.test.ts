import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { causalHistory } from './causal-history.ts';
import type { Entry } from './entry.ts';
import { historyTable } from './log.ts';

/** An entry of which all that matters is told. */
function entry(index: number, changes: Partial<Entry>): Entry {
  return {
    index,
    kind: 'event',
    eventId: `event-${index}`,
    source: 'spiffe://meridian.local/ns/meridian/sa/orders',
    type: 'meridian.orders.v1.OrderChanged',
    subject: 'order',
    eventTime: '2026-11-27T09:30:00.000Z',
    correlationId: 'order',
    data: '',
    dataJson: '',
    leafHash: '',
    archived: false,
    ...changes,
  };
}

const order = (entries: readonly Entry[]): readonly number[] =>
  causalHistory(entries).map(({ index }) => index);

test('a cause stands before what it caused, whatever clock and log say', () => {
  const answer = entry(0, { causationId: 'event-1', eventTime: '2026-11-27T09:29:00.000Z' });
  const question = entry(1, { subject: 'payment' });
  expect(order([answer, question])).toEqual([1, 0]);
});

test('versions of an aggregate stand in their order, those of another with the same id apart', () => {
  const entries = [
    entry(0, { version: 2 }),
    entry(1, { version: 1 }),
    entry(2, { version: 1, source: 'spiffe://meridian.local/ns/meridian/sa/payments' }),
  ];
  expect(order(entries)).toEqual([1, 0, 2]);
});

test('what an effect of a saga caused stands behind its beginning, and before what the saga made of it', () => {
  const catalog = 'spiffe://meridian.local/ns/meridian/sa/catalog';
  const entries = [
    entry(0, { version: 1, source: catalog, subject: 'order/reservation', causationId: 'order/1' }),
    entry(1, { version: 2, causationId: 'order/1' }),
    entry(2, { version: 1, source: catalog, subject: 'product/stock', causationId: 'order/1' }),
    entry(3, { version: 1, causationId: 'a request' }),
  ];
  expect(order(entries)).toEqual([3, 0, 2, 1]);
});

test('what contradicts itself comes once each, and ends', () => {
  const entries = [entry(0, { causationId: 'event-1' }), entry(1, { causationId: 'event-0' })];
  expect(order(entries).toSorted()).toEqual([0, 1]);
});

test('a history as long as it may be, told backwards, is ordered and shown', () => {
  const length = 130_000;
  const told = Array.from({ length }, (_, at) => entry(at, { version: length - at }));
  const ordered = causalHistory(told);
  expect([ordered.length, ordered[0]?.version, ordered.at(-1)?.version]).toEqual([
    length,
    1,
    length,
  ]);
  expect(historyTable(ordered).split('\n')).toHaveLength(length + 1);
});

test('of any history each entry comes once, behind its version before and its cause', () => {
  const histories = fc.array(
    fc.record({
      subject: fc.constantFrom('a', 'b'),
      cause: fc.option(fc.nat(30), { nil: undefined }),
    }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(histories, fc.infiniteStream(fc.nat()), (steps, keys) => {
      const versions = new Map<string, number>();
      // Made in an order in which each step knows its causes, then sealed in any.
      const made = steps.map(({ subject, cause }, position) => {
        const version = (versions.get(subject) ?? 0) + 1;
        versions.set(subject, version);
        const known = cause !== undefined && cause < position;
        return { subject, version, ...(known ? { causationId: `event-${cause}` } : {}) };
      });
      const sealed = made
        .map((step, position) => ({ step, position, key: keys.next().value as number }))
        .toSorted((one, other) => one.key - other.key)
        .map(({ step, position }, index) =>
          entry(index, { ...step, eventId: `event-${position}` }),
        );
      const seen = new Set<string>();
      for (const { eventId, subject, version = 0, causationId } of causalHistory(sealed)) {
        if (causationId !== undefined) expect(seen).toContain(causationId);
        if (version > 1) expect(seen).toContain(`${subject} ${version - 1}`);
        seen.add(eventId).add(`${subject} ${version}`);
      }
      expect(seen.size).toBe(2 * sealed.length);
    }),
  );
});

test('an entry whose data is in the archive alone keeps its place, and says where its state is', () => {
  const told = entry(0, { version: 1, dataJson: '{"order":{"version":"1","status":"PAID"}}' });
  const archived = entry(1, { version: 2, archived: true, causationId: 'event-0' });
  const [, first, second] = historyTable(causalHistory([archived, told])).split('\n');
  expect(first).toContain('PAID');
  expect(second).toMatch(/^1 .* OrderChanged 2 .* \(in the archive\) +entry 0/);
});

test('what the log says of itself, such as of its predecessor, is of audit', () => {
  const source = 'log:meridian.local/audit/3';
  expect(historyTable([entry(0, { source })])).toMatch(/^0 .*Z {2}audit {2}/m);
});
