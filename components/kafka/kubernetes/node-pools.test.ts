import { describe, expect, test } from '@jest/globals';
import { sampleClusterContext } from '../../testing/sample-cluster.ts';
import { nodePools } from './node-pools.ts';
import { strimziCluster } from './strimzi-cluster.ts';

const poolsOf = (brokers: number, controllers: number) =>
  nodePools(sampleClusterContext({ kafka: { brokers, controllers } })).map(
    ({ metadata, spec }) => `${metadata.name}: ${spec.replicas} ${spec.roles.join('+')}`,
  );

describe('nodePools', () => {
  test('has a node in each zone that is controller and broker', () => {
    expect(poolsOf(3, 3)).toEqual([
      'a: 1 controller+broker',
      'b: 1 controller+broker',
      'c: 1 controller+broker',
    ]);
  });

  test('deals more brokers evenly to the zones', () => {
    expect(poolsOf(6, 3)).toEqual([
      'a: 1 controller+broker',
      'a-brokers: 1 broker',
      'b: 1 controller+broker',
      'b-brokers: 1 broker',
      'c: 1 controller+broker',
      'c-brokers: 1 broker',
    ]);
  });

  test('puts most of the controllers into no zone', () => {
    expect(poolsOf(6, 5)).toEqual([
      'a: 2 controller+broker',
      'b: 2 controller+broker',
      'c: 1 controller+broker',
      'c-brokers: 1 broker',
    ]);
  });

  test('binds each pool to the nodes of its zone, and keeps the storage of a node that goes', () => {
    const [, pool] = nodePools(sampleClusterContext());
    expect(pool?.spec.template?.pod?.affinity).toEqual({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: 'topology.kubernetes.io/zone', operator: 'In', values: ['zone-b'] },
              ],
            },
          ],
        },
      },
    });
    expect(pool?.spec.storage.volumes).toMatchObject([
      { type: 'persistent-claim', deleteClaim: false, kraftMetadata: 'shared' },
    ]);
  });

  test('gives its pods all that the cluster says of pods, which Strimzi would not merge', () => {
    const context = sampleClusterContext({ kafka: { brokers: 6, controllers: 3 } });
    const { pod = {} } = strimziCluster(context).spec.kafka.template ?? {};
    expect(Object.keys(pod)).toEqual(
      expect.arrayContaining(['securityContext', 'priorityClassName', 'volumes']),
    );
    const pools = nodePools(context);
    expect(pools).toHaveLength(6);
    for (const { spec } of pools) expect(spec.template?.pod).toMatchObject(pod);
  });

  test('leaves out no volume that containers of the cluster mount', () => {
    const context = sampleClusterContext();
    const { kafkaContainer } = strimziCluster(context).spec.kafka.template ?? {};
    const mounted = (kafkaContainer?.volumeMounts ?? []).map(({ name }) => name);
    expect(mounted).not.toEqual([]);
    for (const { spec } of nodePools(context)) {
      const volumes = (spec.template?.pod?.volumes ?? []).map(({ name }) => name);
      expect(volumes).toEqual(expect.arrayContaining(mounted));
    }
  });
});
