import { describe, expect, test } from '@jest/globals';
import { refusedChanges } from './refused-changes.ts';

const topic = (spec: object) => ({
  apiVersion: 'kafka.strimzi.io/v1',
  kind: 'KafkaTopic',
  metadata: { name: 'shelf.events.v1' },
  spec,
});
const cluster = (size: string) => ({
  apiVersion: 'postgresql.cnpg.io/v1',
  kind: 'Cluster',
  spec: { storage: { size } },
});
const pool = (...sizes: readonly string[]) => ({
  apiVersion: 'kafka.strimzi.io/v1',
  kind: 'KafkaNodePool',
  spec: { storage: { volumes: sizes.map((size) => ({ size })) } },
});

describe('changes that operators refuse', () => {
  test.each([
    [
      'fewer partitions',
      topic({ partitions: 12 }),
      topic({ partitions: 6 }),
      'spec.partitions: must be 12 or more, since those that there are hold records, got 6; declare as many in services/shelf/topics.ts, or a topic of another name there, to which those who consume this one go over',
    ],
    [
      'other copies',
      topic({ replicas: 3 }),
      topic({ replicas: 4 }),
      'spec.replicas: must be as it was, 3, since copies are not moved, got 4; declare as many in services/shelf/topics.ts, or a topic of another name there, to which those who consume this one go over',
    ],
    [
      'a smaller volume, in whatever unit',
      cluster('20Gi'),
      cluster('20G'),
      'spec.storage.size: must be 20Gi or more, since volumes do not shrink, got 20G; declare as much',
    ],
    [
      'a smaller volume of several',
      pool('1Ti', '20Gi'),
      pool('1Ti', '10Gi'),
      'spec.storage.volumes[1].size: must be 20Gi or more, since volumes do not shrink, got 10Gi; declare as much',
    ],
    [
      'another value of a class of priorities',
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', value: 1_000 },
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', value: 2_000 },
      'value: must be as it was, 1000, since pods have what the class was when they came, got 2000; declare as much, or a class of another name',
    ],
    [
      'another database under the same object',
      { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Database', spec: { name: 'shop' } },
      { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Database', spec: { name: 'store' } },
      "spec.name: must be as it was, shop, since the kind's definition lets nobody change it, got store; declare as much, or an object of another name",
    ],
  ])('are told of: %s', (_what, before, after, problem) => {
    expect(refusedChanges(before, after)).toEqual([problem]);
  });

  test.each([
    ['more partitions', topic({ partitions: 12 }), topic({ partitions: 24 })],
    ['a larger volume', cluster('900Mi'), cluster('1Gi')],
    ['one volume more', pool('1Ti'), pool('1Ti', '1Gi')],
    ['what nobody keeps', topic({ config: { a: 2 } }), topic({ config: { a: 1 } })],
  ])('are not: %s', (_what, before, after) => {
    expect(refusedChanges(before, after)).toEqual([]);
  });
});
