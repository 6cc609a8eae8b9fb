import { describe, expect, test } from '@jest/globals';
import { sampleClusterContext } from '../../testing/sample-cluster.ts';
import { nodePools } from './node-pools.ts';

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
    expect(pool?.spec.template.pod.affinity).toEqual({
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
});
