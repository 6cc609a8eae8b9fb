import { describe, expect, test } from '@jest/globals';
import { checkManifest } from '../../providers/rehearsal/schemas/check-manifest.ts';
import type { KubernetesSettings } from '../kubernetes/kubernetes-settings.ts';
import type { Manifest } from '../kubernetes/manifest.ts';
import { objectsOf } from '../kubernetes/parts-of.ts';
import { platformWithExternal } from '../model/testing/sample-external.ts';
import { sampleCluster } from '../testing/sample-cluster.ts';

const vault = { store: 'vault', kind: 'ClusterSecretStore' } as const;
const bucket = {
  uri: 'https://s3.example',
  region: 'eu-1',
  bucket: 'copies',
  networks: ['192.0.2.0/24'],
};
const backup = { ...bucket, secret: 'copies-keys', retentionDays: 30, schedule: '0 0 3 * * *' };

const clusterWith = (settings: Partial<KubernetesSettings>) =>
  sampleCluster({ externalSecrets: vault, ...settings }, platformWithExternal());

const isBrought = (object: Manifest) => object.kind === 'ExternalSecret';
const brought = (settings: Partial<KubernetesSettings> = {}) =>
  objectsOf(clusterWith(settings)).filter(isBrought);
const keysOf = (settings: Partial<KubernetesSettings> = {}) =>
  Object.fromEntries(
    brought(settings).map(({ metadata, spec }) => [
      `${metadata.namespace}/${metadata.name}`,
      spec.data.map(({ secretKey }) => secretKey),
    ]),
  );

const TELEMETRY = {
  'watch/telemetry-store-keys': ['access-key-id', 'secret-access-key'],
  'watch/pager-keys': ['library-team'],
  'watch/grafana-admin': ['admin-password', 'admin-user'],
};
const BINDER = { 'sample/external-binder-keys': ['api-key', 'webhook-secret'] };

describe('External Secrets', () => {
  test('are left out of a stack that names no store', () => {
    const without = sampleCluster({ imagePullSecrets: ['registry'] }, platformWithExternal());
    expect(JSON.stringify(without)).not.toContain('external-secrets.io');
  });

  test('bring every Secret that is for the owner to make, under its name and with its keys', () => {
    expect(keysOf()).toEqual({ ...TELEMETRY, ...BINDER });
    expect(keysOf({ postgres: { backup } })).toMatchObject({
      'data/copies-keys': ['access-key-id', 'secret-access-key'],
    });
    const heartbeat = { given: true, needed: false };
    expect(keysOf({ telemetry: { traceSamplePercent: 1, heartbeat } })).toMatchObject({
      'watch/pager-keys': ['heartbeat', 'library-team'],
    });
  });

  test('leave to the platform what it makes for what stands in for a system', () => {
    expect(keysOf({ externals: { binder: { standIn: true } } })).toEqual(TELEMETRY);
  });

  test('bring one Secret for all who read it', () => {
    const objectStore = { ...bucket, secret: 'pager-keys' };
    const heartbeat = { given: false, needed: false };
    expect(keysOf({ telemetry: { traceSamplePercent: 1, heartbeat, objectStore } })).toMatchObject({
      'watch/pager-keys': ['access-key-id', 'library-team', 'secret-access-key'],
    });
  });

  test('bring what images are pulled with to every namespace that has pods of ours', () => {
    const namespacesOf = (settings: Partial<KubernetesSettings>) =>
      brought({ imagePullSecrets: ['registry'], ...settings })
        .filter(({ metadata }) => metadata.name === 'registry')
        .map(({ metadata }) => metadata.namespace);
    expect(namespacesOf({ operators: 'installed' })).toEqual([
      'data',
      'edge',
      'node-logs',
      'sample',
      'watch',
    ]);
    expect(namespacesOf({})).toEqual(
      expect.arrayContaining(['cert-manager', 'keda', 'spiffe-driver', 'strimzi-system']),
    );
  });

  test('are taken from the store by the names of Secrets, with the prefix', () => {
    const [pull] = brought({ imagePullSecrets: ['registry'] });
    expect(pull).toMatchObject({
      metadata: {
        annotations: {
          'pulumi.com/waitFor': 'condition=Ready',
          'pulumi.com/timeoutSeconds': '900',
        },
      },
      spec: {
        secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' },
        refreshInterval: '1h0m0s',
        target: {
          name: 'registry',
          creationPolicy: 'Owner',
          deletionPolicy: 'Retain',
          template: { type: 'kubernetes.io/dockerconfigjson' },
        },
        data: [
          {
            secretKey: '.dockerconfigjson',
            remoteRef: { key: 'sample/registry', property: 'dockerconfigjson' },
          },
        ],
      },
    });
    const other = { store: 'own', kind: 'SecretStore', prefix: 'shops-' } as const;
    const grafana = brought({ externalSecrets: other }).find(
      ({ metadata }) => metadata.name === 'grafana-admin',
    );
    expect(grafana?.spec).toMatchObject({
      secretStoreRef: { name: 'own', kind: 'SecretStore' },
      target: { template: { type: 'Opaque' } },
      data: [
        { remoteRef: { key: 'shops-grafana-admin', property: 'admin-password' } },
        { remoteRef: { key: 'shops-grafana-admin', property: 'admin-user' } },
      ],
    });
  });

  test('are as their definition has them', () => {
    const all = brought({ imagePullSecrets: ['registry'], postgres: { backup } });
    expect(all.length).toBeGreaterThan(10);
    expect(all.flatMap((object) => checkManifest(object))).toEqual([]);
  });

  test('are there when their namespaces are, and before all that needs their Secrets', () => {
    const { steps } = clusterWith({}).cluster;
    const at = steps.findIndex(({ manifests = [] }) => manifests.some(isBrought));
    expect(steps[at - 1]?.manifests?.some(({ kind }) => kind === 'Namespace')).toBe(true);
    expect(steps.slice(0, at + 1).flatMap(({ charts = [] }) => charts)).toEqual([]);
    expect(steps.slice(at + 1).flatMap(({ charts = [] }) => charts)).not.toEqual([]);
  });

  test('are asked of the cluster, whoever installs operators', () => {
    const { definitions } = clusterWith({}).cluster.needs;
    expect(definitions.at(-1)).toMatchObject({
      apiVersion: 'external-secrets.io/v1',
      kinds: ['ExternalSecret'],
      setting: 'externalSecrets',
    });
    const without = sampleCluster().cluster.needs.definitions;
    expect(without.filter(({ setting }) => setting !== undefined)).toEqual([]);
  });
});
