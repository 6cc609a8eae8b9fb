import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from '../kubernetes/manifest.ts';
import { sampleCluster } from '../testing/sample-cluster.ts';

const manifests = (canaryPercent = 0): readonly ClusterObject[] =>
  sampleCluster({ edge: { host: 'sample.example', canaryPercent } }).edge.steps.flatMap(
    (step) => step.manifests ?? [],
  );

const object = (kind: string, name: string, canaryPercent = 0) =>
  manifests(canaryPercent).find((one) => one.kind === kind && one.metadata.name === name);

interface Routes {
  readonly rules: readonly { readonly timeouts?: { readonly request: string } }[];
}

describe('Edge in a cluster', () => {
  test.each([
    [0, 100],
    [25, 75],
  ])('sends %i of a hundred requests to the release that is not promoted', (preview, active) => {
    for (const route of ['sample-reads', 'sample-waits', 'sample-writes']) {
      expect(object('HTTPRoute', route, preview)?.['spec']).toMatchObject({
        hostnames: ['sample.example'],
        rules: [
          {
            backendRefs: [
              { name: 'door', port: 8443, weight: active },
              { name: 'door-preview', port: 8443, weight: preview },
            ],
          },
        ],
      });
    }
  });

  test('shows the gateway a certificate and knows it by its SPIFFE ID, over TLS 1.3', () => {
    expect(object('EnvoyProxy', 'sample')?.['spec']).toMatchObject({
      backendTLS: {
        clientCertificateRef: { name: 'sample-edge-origin', namespace: 'edge' },
        minVersion: '1.3',
        maxVersion: '1.3',
      },
    });
    expect(object('Certificate', 'sample-edge-origin')?.['spec']).toMatchObject({
      uris: ['spiffe://sample.local/ns/sample/sa/edge'],
      usages: ['digital signature', 'client auth'],
    });
    expect(object('BackendTLSPolicy', 'sample')).toMatchObject({
      metadata: { namespace: 'sample' },
      spec: {
        targetRefs: [{ name: 'door' }, { name: 'door-preview' }],
        validation: {
          subjectAltNames: [{ type: 'URI', uri: 'spiffe://sample.local/ns/sample/sa/door' }],
        },
      },
    });
  });

  test('sends again what no gateway has got, and reads of a gateway that has gone', () => {
    const policy = (route: string): unknown => object('BackendTrafficPolicy', route)?.['spec'];
    const neverSent = ['connect-failure', 'refused-stream', 'reset-before-request'];
    expect(policy('sample-reads')).toMatchObject({
      retry: { numRetries: 2, retryOn: { triggers: [...neverSent, 'reset'] } },
    });
    expect(policy('sample-waits')).toMatchObject({
      retry: { retryOn: { triggers: [...neverSent, 'reset'] } },
      timeout: { http: { requestTimeout: '40s' } },
    });
    expect(JSON.stringify(policy('sample-waits'))).not.toContain('perRetry":{"timeout');
    expect(policy('sample-writes')).toMatchObject({
      retry: { numRetries: 2, retryOn: { triggers: neverSent } },
    });
    expect(JSON.stringify(policy('sample-reads'))).not.toContain('httpStatusCodes');
  });

  test('lets proxies connect to the gateway and to what tells them what to do', () => {
    const { egress } = object('NetworkPolicy', 'sample-proxies')?.['spec'] as {
      readonly egress: readonly { readonly ports: readonly { readonly port: number }[] }[];
    };
    expect(egress.map(({ ports }) => ports.map(({ port }) => port))).toEqual([
      [53, 53],
      [18_000],
      [8_443],
    ]);
  });

  test('lets no proxy leave before the longest request that any route grants can be over', () => {
    const seconds = (text: string): number => Number(/^(\d+)s$/.exec(text)?.[1]);
    const granted = manifests()
      .filter(({ kind }) => kind === 'HTTPRoute')
      .flatMap(({ spec }) => (spec as Routes).rules)
      .flatMap(({ timeouts }) => (timeouts === undefined ? [] : [seconds(timeouts.request)]));
    expect(granted).toHaveLength(3);
    const { shutdown } = object('EnvoyProxy', 'sample')?.['spec'] as {
      readonly shutdown: Readonly<Record<'drainTimeout', string>>;
    };
    expect(seconds(shutdown.drainTimeout)).toBeGreaterThan(Math.max(...granted));
  });

  test('takes no gateway out for what it answers, which may be that a service is away', () => {
    const policies = manifests().filter(({ kind }) => kind === 'BackendTrafficPolicy');
    expect(policies).toHaveLength(3);
    for (const { spec } of policies) {
      // Envoy Gateway fills in 5 where nothing is said.
      expect(spec).toMatchObject({
        healthCheck: { passive: { consecutive5XxErrors: 0, consecutiveGatewayErrors: 0 } },
      });
    }
  });

  test('has a proxy in each zone, of which one may be missing', () => {
    expect(object('EnvoyProxy', 'sample')?.['spec']).toMatchObject({
      provider: { kubernetes: { envoyDeployment: { replicas: 3 }, envoyPDB: { minAvailable: 2 } } },
    });
  });
});
