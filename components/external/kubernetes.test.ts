import { describe, expect, test } from '@jest/globals';
import { checkManifest } from '@meridian/provider-rehearsal/schemas/check-manifest.ts';
import type { ExternalSettings } from '../kubernetes/kubernetes-settings.ts';
import type { ClusterObject } from '../kubernetes/manifest.ts';
import { binder, platformWithExternal } from '../model/testing/sample-external.ts';
import { chartedService, sampleCluster, sampleClusterContext } from '../testing/sample-cluster.ts';
import { unplacedProblems } from './kubernetes/places.ts';

const PLACE: ExternalSettings = {
  standIn: false,
  uri: 'https://api.binder.example:8443',
  networks: ['192.0.2.0/28', '198.51.100.7/32'],
  secret: 'binder-keys',
  parameters: {},
};
const platform = platformWithExternal();
const clusterWith = (
  binder?: ExternalSettings,
  edge = { host: 'sample.example', canaryPercent: 0 },
) => sampleCluster({ externals: binder === undefined ? {} : { binder }, edge }, platform);

const manifests = (stack: ReturnType<typeof clusterWith>): readonly ClusterObject[] =>
  stack.externals.steps.flatMap((step) => step.manifests ?? []);
const named = (stack: ReturnType<typeof clusterWith>, kind: string, name: string) =>
  manifests(stack).find((each) => each.kind === kind && each.metadata.name === name);

describe('a system outside the platform, from a cluster', () => {
  test('is reached at its own addresses alone, with keys of a Secret that somebody else makes', () => {
    const stack = clusterWith(PLACE);
    const shelf = chartedService(stack, 'shelf');
    expect(shelf.egress).toContainEqual({
      peers: [
        { network: '192.0.2.0/28', except: [] },
        { network: '198.51.100.7/32', except: [] },
      ],
      ports: [8_443],
    });
    expect(shelf.secrets).toEqual(
      expect.arrayContaining([
        { secret: 'external-binder-binding', folder: 'bindings/external-binder' },
        { secret: 'binder-keys', folder: 'external-binder' },
      ]),
    );
    expect(named(stack, 'Secret', 'external-binder-binding')?.['stringData']).toEqual({
      type: 'external',
      provider: 'meridian',
      uri: 'https://api.binder.example:8443',
      'api-key-file': 'external-binder/api-key',
      'webhook-secret-file': 'external-binder/webhook-secret',
    });
    expect(manifests(stack)).toHaveLength(1);
    expect(stack.externals.systems).toEqual([
      { name: 'binder', uri: 'https://api.binder.example:8443', standIn: null },
    ]);
  });

  test.each([
    ['0.0.0.0/0', ['10', '100.64', '169.254', '172.16', '192.168']],
    ['0.0.0.0/1', ['10', '100.64']],
    ['160.0.0.0/3', ['169.254', '172.16']],
    ['10.0.0.0/8', []],
    ['10.1.2.3/32', []],
    ['192.168.0.0/16', []],
    ['203.0.113.0/24', []],
  ])('in %s is nothing that is inside, unless that is what is named', (network, kept) => {
    const { egress } = chartedService(clusterWith({ ...PLACE, networks: [network] }), 'shelf');
    const peers = egress.flatMap((rule) => rule.peers);
    const except = peers.flatMap((peer) => ('network' in peer ? (peer.except ?? []) : []));
    expect(except.map((each) => each.replace(/(\.0)+\/[0-9]+$/, ''))).toEqual(kept);
  });

  test('is nobody else’s to reach', () => {
    const stack = clusterWith(PLACE);
    for (const name of ['door', 'archive']) {
      const { egress, secrets } = chartedService(stack, name);
      expect(JSON.stringify([egress, secrets])).not.toMatch(/192\.0\.2|external-/);
    }
  });

  test('of which nobody says where it is is reached by nobody, and no deployment goes without', () => {
    const { egress } = chartedService(clusterWith(), 'shelf');
    expect(egress.every(({ peers }) => peers.length > 0)).toBe(true);
    expect(JSON.stringify(egress)).not.toContain('network');
    expect(unplacedProblems(sampleClusterContext({}, platform))).toEqual([
      expect.stringMatching(
        /^Setting 'meridian:externals.binder': must say where the system is, .* or {"standIn": true} .*, got nothing; set it in Pulumi.sample.yaml/,
      ),
    ]);
    const placed = sampleClusterContext({ externals: { binder: PLACE } }, platform);
    expect(unplacedProblems(placed)).toEqual([]);
  });

  test('of which something is ours has that said beside where it is, and nothing else', () => {
    const bucket = { bucket: 'heads', region: 'eu-central-1' };
    const store = platformWithExternal({
      externals: [{ ...binder, parameters: ['region', 'bucket'] }],
    });
    const lowered = (settings: ExternalSettings, of = store) =>
      sampleCluster({ externals: { binder: settings } }, of);
    const binding = (of: ReturnType<typeof lowered>) =>
      named(of, 'Secret', 'external-binder-binding')?.['stringData'];
    const stack = lowered({ ...PLACE, parameters: bucket });
    expect(binding(stack)).toMatchObject(bucket);
    expect(binding(lowered({ standIn: true }))).toMatchObject({
      bucket: 'checkpoints',
      region: 'local',
    });
    expect(() => lowered({ ...PLACE, parameters: { bucket: 'heads' } })).toThrow(
      "Setting 'meridian:externals.binder': must say 'bucket' and 'region' beside where the system is, got 'bucket'; set it in Pulumi.sample.yaml",
    );
    expect(() => lowered({ ...PLACE, parameters: bucket }, platform)).toThrow(
      "must say nothing beside where the system is, got 'bucket' and 'region'",
    );
    expect(unplacedProblems(sampleClusterContext({}, store))).toEqual([
      expect.stringContaining('"networks": ["…"], "bucket": "…", "region": "…"}'),
    ]);
  });

  test('that no service uses has no settings', () => {
    expect(() => sampleCluster({ externals: { printer: PLACE } }, platform)).toThrow(
      "Setting 'meridian:externals.printer': must be of a system outside the platform that a service uses ('binder'), got 'printer'; remove it in Pulumi.sample.yaml",
    );
  });
});

describe('what stands in for it in a cluster', () => {
  const stack = clusterWith({ standIn: true });

  test('is there only where the stack says so, under a name that says so', () => {
    expect(named(stack, 'StatefulSet', 'binder-stand-in')).toMatchObject({
      metadata: {
        namespace: 'data',
        annotations: { 'meridian/summary': 'Stands in for: Binds books' },
      },
      spec: { replicas: 1 },
    });
    expect(stack.externals.systems[0]?.standIn).toBe('binder-stand-in');
    for (const other of [clusterWith(PLACE), clusterWith()]) {
      expect(JSON.stringify(other.externals)).not.toContain('binder-stand-in');
    }
  });

  test('is made of objects that a cluster accepts', () => {
    expect(manifests(stack).flatMap((manifest) => checkManifest(manifest))).toEqual([]);
  });

  test('is reached by its users alone, and reaches the edge alone', () => {
    const { egress } = chartedService(stack, 'shelf');
    const pods = expect.objectContaining({ 'app.kubernetes.io/name': 'binder-stand-in' });
    expect(egress).toContainEqual({ peers: [{ namespace: 'data', pods }], ports: [8_080] });
    const policy = named(stack, 'NetworkPolicy', 'binder-stand-in')?.['spec'] as {
      readonly ingress: readonly { readonly from: readonly unknown[] }[];
      readonly egress: readonly { readonly ports: readonly { readonly port: number }[] }[];
    };
    expect(policy.ingress).toHaveLength(1);
    expect(JSON.stringify(policy.ingress[0]?.from)).toMatch(/^\[{[^[]*"shelf"[^[]*}\]$/);
    expect(policy.egress.map(({ ports }) => ports.map(({ port }) => port))).toEqual([
      [53, 53],
      [10_443],
    ]);
  });

  test('has keys that are made in the cluster, for itself and for its users', () => {
    const job = manifests(stack).find(({ kind }) => kind === 'Job');
    const text = JSON.stringify(job).replaceAll('\\"', '"');
    expect(text).toContain('"users":[{"name":"api-key","bindings":[]},{"name":"webhook-secret"');
    expect(text).toContain(
      '"engineForm":{"kind":"keyed","namespace":"data","secret":"binder-stand-in-keys","copies":["sample"]}',
    );
    const role = manifests(stack).find(
      ({ kind, metadata }) => kind === 'Role' && metadata.namespace === 'sample',
    );
    expect(JSON.stringify(role)).toContain('"resourceNames":["binder-stand-in-keys"]');
    expect(chartedService(stack, 'shelf').secrets).toContainEqual({
      secret: 'binder-stand-in-keys',
      folder: 'external-binder',
    });
  });

  test('trusts the edge by the platform’s own authority, or by anybody’s where another one issues', () => {
    const issued = clusterWith(
      { standIn: true },
      Object.assign({ host: 'sample.example', canaryPercent: 0 }, { issuer: 'acme' }),
    );
    const configuration = (of: typeof stack) =>
      JSON.parse(
        Object.values(
          manifests(of).find(({ kind }) => kind === 'ConfigMap')?.['data'] ?? {},
        )[0] as string,
      ) as { readonly webhooks: Readonly<Record<string, unknown>> };
    expect(configuration(stack).webhooks).toEqual({
      url: 'https://sample.example/v1/webhooks/binder',
      connectTo: { host: 'sample-edge-inside.edge.svc.cluster.local', port: 443 },
      caFile: '/run/meridian/edge-trust/ca.crt',
    });
    expect(named(stack, 'Bundle', 'sample-edge')).toBeDefined();
    expect(configuration(issued).webhooks).not.toHaveProperty('caFile');
    expect(named(issued, 'Bundle', 'sample-edge')).toBeUndefined();
  });
});
