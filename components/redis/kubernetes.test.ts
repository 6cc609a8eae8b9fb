import { describe, expect, test } from '@jest/globals';
import type { CredentialsOrder } from '@meridian/jobs/credentials/credentials-order.ts';
import type * as k8s from '../kubernetes/k8s.ts';
import type { ClusterObject } from '../kubernetes/manifest.ts';
import { redis } from '../model/store.ts';
import { samplePlatform, shelf, withService } from '../model/testing/sample-platform.ts';
import { sampleCluster, sampleClusterContext } from '../testing/sample-cluster.ts';
import { sampleStack } from '../testing/sample-stack.ts';
import { aclUsers } from './kubernetes/valkey.ts';
import type { ValkeyValues } from './kubernetes/valkey-values.ts';

const stores = [...shelf.stores, redis({ name: 'pages' }), redis({ name: 'covers' })];
const platform = withService('shelf', { stores });
const part = (settings = {}) => sampleCluster(settings, platform).redis;

const manifests = (kind: string, settings = {}): readonly ClusterObject[] =>
  part(settings)
    .steps.flatMap((step) => step.manifests ?? [])
    .filter((manifest) => manifest.kind === kind);

const orderOf = (settings = {}): CredentialsOrder => {
  const [job] = manifests('Job', settings) as unknown as readonly k8s.Job[];
  return JSON.parse(job?.spec.template.spec?.containers[0]?.args?.[0] ?? '') as CredentialsOrder;
};

const valuesOf = (settings = {}): ValkeyValues => {
  const [chart] = part(settings).steps.flatMap(({ charts = [] }) => charts);
  return chart?.values as unknown as ValkeyValues;
};

describe('Redis in a cluster', () => {
  test('has the users that the landing on this machine has, and the default user off', () => {
    const { [`default`]: nobody, ...users } = aclUsers(sampleClusterContext({}, platform));
    const local = sampleStack({}, platform).redis.users;
    expect(users['monitor']).toEqual({ permissions: '-@all +hello +auth +ping +info' });
    expect(users).toEqual(
      Object.fromEntries(local.map(({ name, rules }) => [name, { permissions: rules.join(' ') }])),
    );
    expect(nobody?.permissions).toMatch(/^off .*-@all$/);
  });

  test('binds a service as this machine does, with the password beside it', () => {
    const [, user] = orderOf().users;
    expect(user).toEqual({
      name: 'shelf',
      bindings: ['covers', 'pages'].map((store) => ({
        secret: `${store}-redis-binding`,
        properties: {
          type: 'redis',
          provider: 'meridian',
          host: 'redis.data.svc.cluster.local',
          port: '6379',
          username: 'shelf',
          'password-file': `bindings/${store}-redis/password`,
          'key-prefix': `${store}:`,
          'tls-folder': 'redis-tls',
        },
      })),
    });
  });

  test('makes passwords before the server that reads them, and again for another generation', () => {
    const kinds = part().steps.map(({ manifests: made = [], charts = [] }) => [
      ...made.map(({ kind }) => kind),
      ...charts.map(({ chart }) => chart),
    ]);
    expect(kinds.at(-2)).toEqual(['Job']);
    expect(kinds.at(-1)).toEqual(['valkey']);
    const nameOf = (settings = {}) => manifests('Job', settings)[0]?.metadata.name;
    expect(nameOf({ passwordGeneration: 2 })).not.toBe(nameOf());
    expect(valuesOf({ passwordGeneration: 2 }).podAnnotations).not.toEqual(
      valuesOf().podAnnotations,
    );
  });

  test('lets the Job read and change no Secret but those that it makes', () => {
    const rules = (manifests('Role') as unknown as readonly k8s.Role[]).flatMap(
      (role) => role.rules ?? [],
    );
    expect(rules.filter(({ resourceNames }) => resourceNames === undefined)).toEqual(
      [1, 2].map(() => ({ apiGroups: [''], resources: ['secrets'], verbs: ['create'] })),
    );
    expect(rules.flatMap(({ resourceNames = [] }) => resourceNames)).toEqual([
      'redis-users',
      'covers-redis-binding',
      'pages-redis-binding',
      'engine-metrics-redis-binding',
    ]);
  });

  test('speaks TLS to clients with a certificate, under the address of the binding', () => {
    expect(valuesOf().tls).toMatchObject({ enabled: true, requireClientCertificate: true });
    expect(
      manifests('Certificate').map(({ metadata, ['spec']: spec }) => [metadata.name, spec]),
    ).toEqual([
      ['redis-server-tls', expect.objectContaining({ dnsNames: ['redis.data.svc.cluster.local'] })],
      ['shelf-redis-tls', expect.objectContaining({ commonName: 'shelf' })],
      ['engine-metrics-redis-tls', expect.objectContaining({ commonName: 'monitor' })],
    ]);
  });

  test('is not there where no service has a key space', () => {
    expect(sampleCluster({}, samplePlatform).redis.steps).toEqual([]);
  });
});
