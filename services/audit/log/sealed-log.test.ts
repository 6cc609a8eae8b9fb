import { expect, test } from '@jest/globals';
import { createLogger } from '@meridian/kit/telemetry/logger.ts';
import type { Pending } from './read-pending.ts';
import { logSealed } from './sealed-log.ts';

const ORDER = '01912f4a-7c22-7000-8000-0242ac120002';

const pending = (given: Partial<Pending>): Pending => ({
  ...{ position: '1', source: 'spiffe://meridian.local/ns/meridian/sa/orders', id: 'e-1' },
  ...{ leafHash: Buffer.alloc(32), kind: 'event', type: 'meridian.orders.v1.OrderChanged' },
  ...{ correlationId: ORDER, ...given },
});

function linesOf(batch: readonly Pending[]): readonly object[] {
  const lines: object[] = [];
  const fields = { service: 'audit', version: '1', instance: 'audit-a-0', zone: 'a' } as const;
  const log = createLogger(
    { ...fields, logLevel: 'info' },
    { write: (line) => void lines.push(JSON.parse(line) as object) },
  );
  logSealed(log, batch, 40);
  return lines;
}

test('each event that is sealed is told with its place and what it belongs to, and no baseline is', () => {
  const batch = [pending({ id: 'e-1', kind: 'baseline' }), pending({ id: 'e-2' })];
  expect(linesOf(batch)).toEqual([
    expect.objectContaining({
      ...{ message: 'an event was sealed', event_id: 'e-2', entry: 41, correlation_id: ORDER },
      event_type: 'meridian.orders.v1.OrderChanged',
    }),
  ]);
});

test('an id that a client made up is in no line', () => {
  const [line] = linesOf([pending({ correlationId: 'ann@example.com' })]);
  expect(line).not.toHaveProperty('correlation_id');
});
