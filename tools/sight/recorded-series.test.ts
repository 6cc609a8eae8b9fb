import { expect, test } from '@jest/globals';
import { recordedSeries } from './recorded-series.ts';

const sample = (name: string, labels: Readonly<Record<string, string>>) => ({
  labels: { __name__: name, ...labels },
  value: 1,
});
const door = (instance: string, zone: string) => ({ job: 'door', instance, zone });

test('a recording has of each service one replica, of a zone what is told of it, of a histogram its bounds, and of engines what is registered', () => {
  const recorded = recordedSeries(
    [
      ...['+Inf', '10', '2.5'].map((le) => sample('took_bucket', { ...door('door-b-1', 'b'), le })),
      sample('took_count', door('door-a-0', 'a')),
      sample('asked_total', door('door-a-0', 'a')),
      sample('asked_total', door('door-c-0', 'c')),
      sample('scrape_duration_seconds', door('door-c-0', 'c')),
      ...['a', 'c'].map((zone) => sample('up', door(`door-${zone}-0`, zone))),
      sample('asked_total', { job: 'probe', instance: 'probe-b-0', zone: 'b' }),
      sample('up', { job: 'engine', instance: 'engine-a' }),
      sample('its_own', { job: 'engine', instance: 'engine-a' }),
      sample('ours', { job: 'engine', instance: 'engine-a' }),
    ],
    ['door'],
    new Set(['ours', 'asked_total']),
  );
  const labels = { instance: 'door-0', job: 'door', zone: 'a' };
  const engine = { instance: 'engine-0', job: 'engine', zone: 'a' };
  expect(recorded).toEqual([
    { metric: 'asked_total', labels },
    { metric: 'asked_total', labels: { instance: 'probe-0', job: 'probe', zone: 'b' } },
    { metric: 'ours', labels: engine },
    { metric: 'took', labels, bounds: ['2.5', '10', '+Inf'] },
    { metric: 'up', labels },
    { metric: 'up', labels: { ...labels, zone: 'c' } },
    { metric: 'up', labels: engine },
  ]);
});
