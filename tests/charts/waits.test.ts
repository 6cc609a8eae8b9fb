import { describe, expect, test } from '@jest/globals';
import type { Manifest } from '@meridian/components/kubernetes/manifest.ts';
import { objectsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { sampleCluster } from '@meridian/components/testing/sample-cluster.ts';
import { lowered } from './lowered-staging.ts';

/** What Pulumi waits for an object that says nothing itself. Source: pulumi-kubernetes 4.32.0, await.go, Creation */
const DEFAULT_SECONDS = 600;

const annotation = ({ metadata }: Manifest, name: string) =>
  metadata.annotations?.[`pulumi.com/${name}`];
const titleOf = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;
const secondsOf = (kind: string, stack = lowered): number =>
  Math.max(
    ...objectsOf(stack)
      .filter((manifest) => manifest.kind === kind)
      .map((manifest) => Number(annotation(manifest, 'timeoutSeconds'))),
  );

/** Staging, and a platform with a migration, which staging has only with the digests of its files. */
describe.each([
  ['staging', lowered],
  ['the sample', sampleCluster()],
])('the objects of %s', (_name, stack) => {
  test('say how long Pulumi waits for them, wherever it waits for their operator', () => {
    const waiting = objectsOf(stack).filter(
      (object) => annotation(object, 'waitFor') !== undefined,
    );
    expect(waiting).not.toEqual([]);
    const silent = waiting.filter(
      (object) => !/^[1-9]\d+$/.test(annotation(object, 'timeoutSeconds') ?? ''),
    );
    expect(silent.map(titleOf)).toEqual([]);
  });

  test('are replaced by the next deployment if they are Jobs that are not done', () => {
    const jobs = objectsOf(stack).filter(({ kind }) => kind === 'Job');
    expect(jobs).not.toEqual([]);
    const stuck = jobs.filter((job) => annotation(job, 'replaceUnready') !== 'true');
    expect(stuck.map(titleOf)).toEqual([]);
  });
});

describe('the time that Pulumi waits', () => {
  test.each(['Kafka', 'Cluster', 'Elasticsearch', 'Gateway'])(
    'is longer for a %s than for what comes at once',
    (kind) => {
      expect(secondsOf(kind)).toBeGreaterThan(DEFAULT_SECONDS);
    },
  );

  test('grows with the brokers, which are rolled one after the other', () => {
    const more = sampleCluster({ kafka: { brokers: 9, controllers: 3 } });
    expect(secondsOf('Kafka', more)).toBeGreaterThan(secondsOf('Kafka', sampleCluster()));
  });
});
