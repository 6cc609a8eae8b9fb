import { LABELS, METRICS } from '@meridian/kit/telemetry/names.ts';
import { expect, test } from '@jest/globals';
import { durationsBetween, handlerTimes } from './handler-times.ts';

function page(method: string, counts: readonly [string, number][], status = 'OK'): string {
  return counts
    .map(
      ([le, count]) =>
        `${METRICS.rpcServerCallDuration}_bucket{le="${le}",${LABELS.rpcMethod}="${method}",${LABELS.rpcStatusCode}="${status}"} ${count}`,
    )
    .join('\n');
}

const cumulative = (a: number, b: number, all: number): readonly [string, number][] => [
  ...[['0.005', a] as const, ['0.01', b] as const].map(([le, n]): [string, number] => [le, n]),
  ['+Inf', all],
];

test('handlers are timed by what their histograms gained, over all replicas', () => {
  const before = page('catalog/Get', cumulative(100, 100, 100));
  const after = [
    page('catalog/Get', cumulative(150, 198, 200)),
    page('catalog/Get', cumulative(7, 7, 7), 'NOT_FOUND'),
    page('catalog/List', cumulative(0, 0, 0)),
  ].join('\n');
  const gained = durationsBetween(handlerTimes([before, before]), handlerTimes([after, after]));
  expect([...gained]).toEqual([
    [
      'catalog/Get',
      { calls: 200, p50: 5, p95: expect.closeTo(9.69, 1) as unknown as number, p99: 10 },
    ],
  ]);
});
