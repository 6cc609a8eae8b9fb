import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from '../../kubernetes/manifest.ts';
import { sampleCluster } from '../../testing/sample-cluster.ts';

const manifests: readonly ClusterObject[] = sampleCluster().observability.steps.flatMap(
  (step) => step.manifests ?? [],
);
const ofProbes = (kind: string) =>
  manifests.filter((each) => each.kind === kind && each.metadata.name.startsWith('probe'));

describe('probes in a cluster', () => {
  test('are one in each zone, pinned to it, and come one after the other', () => {
    const deployments = ofProbes('Deployment');
    expect(deployments.map(({ metadata }) => metadata.name)).toEqual([
      'probe-a',
      'probe-b',
      'probe-c',
    ]);
    for (const [position, phase] of ['0', '0.333', '0.667'].entries()) {
      expect(deployments[position]?.['spec']).toMatchObject({
        strategy: { type: 'Recreate' },
        template: {
          spec: {
            affinity: { nodeAffinity: expect.anything() },
            containers: [{ args: [phase] }],
          },
        },
      });
    }
  });

  test('run as nobody with the rights of nobody, and have their password as a file', () => {
    const spec = ofProbes('Deployment')[0]?.['spec'];
    expect(spec).toMatchObject({
      template: {
        spec: {
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            { securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } } },
          ],
          volumes: expect.arrayContaining([
            {
              name: 'account',
              secret: {
                secretName: 'probe-accounts',
                defaultMode: 0o440,
                items: [{ key: 'probe-a', path: 'password' }],
              },
            },
          ]),
        },
      },
    });
    expect(JSON.stringify(spec)).not.toContain('secretKeyRef');
  });

  test('reach the edge and nothing else, and are reached by the collectors alone', () => {
    const [policy] = ofProbes('NetworkPolicy');
    expect(policy?.['spec']).toMatchObject({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'probe' } },
      ingress: [
        { from: [{ podSelector: { matchLabels: { 'meridian/telemetry': 'collector' } } }] },
      ],
      egress: [
        { ports: [{ port: 53 }, { port: 53 }] },
        {
          to: [
            {
              podSelector: {
                matchLabels: expect.objectContaining({
                  'gateway.envoyproxy.io/owning-gateway-name': 'sample',
                }),
              },
            },
          ],
          ports: [{ port: 10_443 }],
        },
      ],
    });
  });
});
