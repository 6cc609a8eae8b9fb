import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type * as k8s from '../kubernetes/k8s.ts';
import type { ClusterObject } from '../kubernetes/manifest.ts';
import { searchIndex } from '../model/store.ts';
import { withService } from '../model/testing/sample-platform.ts';
import { chartedService, sampleCluster } from '../testing/sample-cluster.ts';
import type { NodeSet } from './kubernetes/eck.ts';

/** The sample with two indices of one service. */
const platform = withService('archive', {
  stores: [searchIndex({ name: 'books' }), searchIndex({ name: 'authors' })],
});

const stack = sampleCluster({}, platform);
const { steps, credentials } = stack.search;
const manifests: readonly ClusterObject[] = steps.flatMap((step) => step.manifests ?? []);

const named = (kind: string, name: string) =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);

const cluster = named('Elasticsearch', 'sample') as ClusterObject & k8s.Elasticsearch;
const nodeSets = cluster.spec.nodeSets as readonly NodeSet[];

describe('Elasticsearch in a cluster', () => {
  test('is nothing at all for a platform without an index', () => {
    expect(sampleCluster().search).toMatchObject({ steps: [], credentials: { users: [] } });
  });

  test('is a node in each zone, and no copy beside its original', () => {
    expect(nodeSets.map(({ name, count }) => [name, count])).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ]);
    for (const { name, config, podTemplate } of nodeSets) {
      expect(config).toMatchObject({
        'node.attr.zone': name,
        'cluster.routing.allocation.awareness.attributes': 'zone',
        'cluster.routing.allocation.awareness.force.zone.values': 'a,b,c',
      });
      expect(podTemplate.spec?.affinity).toMatchObject({
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key: 'topology.kubernetes.io/zone', values: [`zone-${name}`] },
                ],
              },
            ],
          },
        },
      });
    }
  });

  test('has room for what ECK does before a node starts, within what the node asks for', () => {
    const mebibytes = (quantity: unknown): number => {
      const [, count, unit] = /^(\d+)([MG])i$/.exec(String(quantity)) ?? [];
      return Number(count) * (unit === 'G' ? 1_024 : 1);
    };
    for (const { podTemplate } of nodeSets) {
      const [before] = podTemplate.spec?.initContainers ?? [];
      const [node] = podTemplate.spec?.containers ?? [];
      // Of any other name it would be a container of ours, without an image.
      expect(before?.name).toBe('elastic-internal-init-filesystem');
      expect(before?.resources?.limits?.['memory']).toBe(before?.resources?.requests?.['memory']);
      expect(mebibytes(before?.resources?.limits?.['memory'])).toBeGreaterThanOrEqual(128);
      expect(mebibytes(before?.resources?.requests?.['memory'])).toBeLessThan(
        mebibytes(node?.resources?.requests?.['memory']),
      );
    }
  });

  test('protects what holds data, and keeps its volumes when it goes', () => {
    expect(steps.map(({ protect }) => protect)).toEqual([undefined, undefined, undefined, true]);
    expect(cluster.spec.volumeClaimDeletePolicy).toBe('DeleteOnScaledownOnly');
  });

  test('speaks TLS 1.3 with a certificate of the authority of engines', () => {
    expect(cluster.spec.http?.tls?.certificate).toEqual({
      secretName: 'sample-elasticsearch-server',
    });
    expect(named('Certificate', 'sample-elasticsearch-server')).toMatchObject({
      metadata: { namespace: 'data' },
      spec: {
        dnsNames: expect.arrayContaining(['sample-es-http.data.svc.cluster.local']),
        // An ECDSA key in PKCS 8 is one that ECK cannot read.
        privateKey: { algorithm: 'ECDSA', encoding: 'PKCS1' },
      },
    });
    for (const { config } of nodeSets) {
      expect(config?.['xpack.security.http.ssl.supported_protocols']).toEqual(['TLSv1.3']);
      expect(config?.['xpack.security.transport.ssl.supported_protocols']).toEqual(['TLSv1.3']);
    }
  });

  test('has a user for each index, one that asks how it is, and no super user', () => {
    expect(cluster.spec.auth).toEqual({
      disableElasticUser: true,
      fileRealm: [
        { secretName: 'sample-authors-elasticsearch-user' },
        { secretName: 'sample-books-elasticsearch-user' },
        { secretName: 'sample-probe-user' },
      ],
      roles: [{ secretName: 'sample-elasticsearch-roles' }],
    });
  });

  test('lets a role at its own index and what takes its place, and at nothing of the cluster but how it is', () => {
    const secret = named('Secret', 'sample-elasticsearch-roles');
    const { 'roles.yml': roles } = secret?.['stringData'] as { readonly 'roles.yml': string };
    const own = (index: string) => ({
      cluster: [],
      indices: [{ names: [index, `${index}.*`], privileges: ['manage', 'read', 'write'] }],
    });
    expect(parse(roles)).toEqual({
      'authors-elasticsearch': own('authors'),
      'books-elasticsearch': own('books'),
      probe: { cluster: ['cluster:monitor/health'] },
    });
  });
});

describe('the credentials of a cluster', () => {
  test('are made by a Job before the cluster looks for its users', () => {
    const kinds = steps.map((step) => step.manifests?.map(({ kind }) => kind));
    expect(kinds.slice(-2)).toEqual([['Job'], ['Elasticsearch']]);
  });

  test('say which Secrets are to have passwords, and nothing of these', () => {
    expect(credentials.users[1]).toEqual({
      name: 'books-elasticsearch',
      bindings: [
        {
          secret: 'books-elasticsearch-binding',
          properties: {
            type: 'elasticsearch',
            provider: 'meridian',
            host: 'sample-es-http.data.svc.cluster.local',
            port: '9200',
            index: 'books',
            username: 'books-elasticsearch',
            'password-file': 'bindings/books-elasticsearch/password',
            'tls-folder': 'elasticsearch-tls',
          },
        },
      ],
    });
    expect(credentials.engineForm).toEqual({
      kind: 'basic-auth',
      namespace: 'data',
      secrets: {
        'authors-elasticsearch': {
          secret: 'sample-authors-elasticsearch-user',
          roles: 'authors-elasticsearch',
        },
        'books-elasticsearch': {
          secret: 'sample-books-elasticsearch-user',
          roles: 'books-elasticsearch',
        },
        probe: { secret: 'sample-probe-user', roles: 'probe' },
      },
    });
  });

  test('has with the certificate exactly the Secrets that pods mount', () => {
    const mounted = chartedService(stack, 'archive')
      .secrets.map(({ secret }) => secret)
      .filter((secret) => secret.includes('elasticsearch'));
    expect(mounted).toEqual([
      ...credentials.users
        .filter(({ name }) => name !== 'probe')
        .flatMap(({ bindings }) => bindings.map(({ secret }) => secret)),
      'archive-elasticsearch-tls',
    ]);
    expect(named('Certificate', 'archive-elasticsearch-tls')?.metadata.namespace).toBe('sample');
  });
});

describe('who may reach the nodes', () => {
  test('are the services with an index, who asks how they are, ECK and the nodes', () => {
    const nodes = {
      podSelector: { matchLabels: { 'elasticsearch.k8s.elastic.co/cluster-name': 'sample' } },
    };
    expect(named('NetworkPolicy', 'sample-elasticsearch')?.['spec']).toMatchObject({
      ...nodes,
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'archive' } } },
            { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'engine-metrics' } } },
            { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'elastic-operator' } } },
          ],
          ports: [{ protocol: 'TCP', port: 9200 }],
        },
        { from: [nodes], ports: [{ port: 9200 }, { port: 9300 }] },
        {
          from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'engine-metrics' } } }],
          ports: [{ port: 9300 }],
        },
      ],
      egress: [{ to: [nodes] }, { ports: [{ protocol: 'UDP', port: 53 }, { port: 53 }] }],
    });
  });
});
