import { createServer } from 'node:http';
import { once } from 'node:events';
import { LABELS, METRICS } from '@meridian/kit/telemetry/names.ts';
import { expect, test } from '@jest/globals';
import type { KnownZone } from '../../meridian/zones.ts';
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

test('handlers are timed by what their histograms gained, over all replicas', async () => {
  let text = page('catalog/Get', cumulative(100, 100, 100));
  const server = createServer((_request, response) => response.end(text)).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
    const ops = { name: 'ops', address: '127.0.0.1', port: address.port };
    const process = { listens: [ops] };
    // Two replicas, of which the test needs the addresses only.
    const zones = [
      { zone: 'a', status: { processes: [process, process] } },
    ] as unknown as KnownZone[];
    const before = await handlerTimes(zones);
    text = [
      page('catalog/Get', cumulative(150, 198, 200)),
      page('catalog/Get', cumulative(7, 7, 7), 'NOT_FOUND'),
      page('catalog/List', cumulative(0, 0, 0)),
    ].join('\n');
    const gained = durationsBetween(before, await handlerTimes(zones));
    expect([...gained]).toEqual([
      [
        'catalog/Get',
        { calls: 200, p50: 5, p95: expect.closeTo(9.69, 1) as unknown as number, p99: 10 },
      ],
    ]);
  } finally {
    server.close();
  }
});
