import { expect, test } from '@jest/globals';
import { LOG_LINES } from '@meridian/language/log-lines.ts';
import type { LogLine } from '../server/sources.ts';
import { newestOrders } from './newest-orders.ts';

const line = (id: string, atMs: number, phase: string): LogLine => ({
  ...{ atMs, service: 'orders', instance: 'orders-a-0', level: 'info' },
  ...{ message: LOG_LINES.sagaWentOn, fields: { order_id: id, phase, status: 'PENDING' } },
});

test('each order is told once, as it was last, the one that went on last before all others', async () => {
  const lines = [
    line('o-1', 1, 'reserving'),
    line('o-2', 2, 'reserving'),
    line('o-1', 3, 'declined'),
  ];
  const orders = await newestOrders({ sagas: () => Promise.resolve(lines) }, 10);
  expect(orders.map(({ id, atMs, phase }) => [id, atMs, phase])).toEqual([
    ['o-1', 3, 'declined'],
    ['o-2', 2, 'reserving'],
  ]);
});
