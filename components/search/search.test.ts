import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from '../kubernetes/manifest.ts';
import { buildGraph } from '../model/build-graph.ts';
import { landed } from '../model/landed.ts';
import { lowerLocal } from '../local/lower-local.ts';
import { searchIndex } from '../model/store.ts';
import { samplePlatform, shelf, withService } from '../model/testing/sample-platform.ts';
import { chartedService, sampleCluster } from '../testing/sample-cluster.ts';
import { sampleSettings, sampleSources } from '../testing/sample-stack.ts';

const platform = withService('shelf', {
  stores: [...shelf.stores, searchIndex({ name: 'pages' })],
});
const lower = (declared = platform) =>
  lowerLocal(landed(buildGraph(declared)), sampleSettings, sampleSources);

const node = () => {
  const [found] = lower().search.nodes;
  if (found === undefined) throw new Error('There is a node');
  return found;
};

describe('Elasticsearch on this machine', () => {
  test('is nothing at all for a platform without an index', () => {
    expect(lower(samplePlatform).search).toEqual({ nodes: [], users: [] });
  });

  test('is one node in the first zone, which clients reach over TLS 1.3 with a certificate', () => {
    expect(node()).toMatchObject({ zone: 'a', process: { name: 'elasticsearch', data: true } });
    const { 'elasticsearch.yml': settings } = node().process.files;
    for (const layer of ['http', 'transport']) {
      expect(settings).toContain(`xpack.security.${layer}.ssl.client_authentication: "required"\n`);
      expect(settings).toContain(`xpack.security.${layer}.ssl.supported_protocols: ["TLSv1.3"]\n`);
    }
  });

  test('listens beside no other process', () => {
    const { listens } = node().process;
    expect(listens.map(({ address }) => address)).toEqual(['127.0.1.5', '127.0.1.5']);
    expect(new Set(listens.map(({ port }) => port)).size).toBe(2);
  });

  test('has a user for each index, and one who sees whether it is ready', () => {
    expect(lower().search.users.map(({ name }) => name)).toEqual(['pages-elasticsearch', 'probe']);
    expect(node().process.liveFiles['users_roles']).toBe(
      'pages-elasticsearch:pages-elasticsearch\nprobe:probe\n',
    );
  });

  test('knows the same roles as in a cluster', () => {
    const local = node().process.liveFiles['roles.yml']?.split('\n') ?? [];
    const cluster: readonly ClusterObject[] = sampleCluster({}, platform).search.steps.flatMap(
      (step) => step.manifests ?? [],
    );
    const secret = cluster.find(({ metadata }) => metadata.name === 'sample-elasticsearch-roles');
    const { 'roles.yml': roles } = secret?.['stringData'] as { readonly 'roles.yml': string };
    expect(local).toEqual(roles.split('\n'));
  });

  test('gives a service the binding that it has in a cluster, but for the place', () => {
    const [replica] = lower().services.find(({ name }) => name === 'shelf')?.replicas ?? [];
    const prefix = 'bindings/pages-elasticsearch/';
    const files = Object.entries(replica?.process.files ?? {}).filter(([path]) =>
      path.startsWith(prefix),
    );
    const binding = Object.fromEntries(
      files.map(([path, text]) => [path.slice(prefix.length), text]),
    );
    expect(binding).toMatchObject({
      type: 'elasticsearch',
      index: 'pages',
      username: 'pages-elasticsearch',
      host: '127.0.1.5',
      'password-file': '${state}/credentials/elasticsearch-pages-elasticsearch',
    });
    const { users } = sampleCluster({}, platform).search.credentials;
    expect(Object.keys(users[0]?.bindings[0]?.properties ?? {}).toSorted()).toEqual(
      Object.keys(binding).toSorted(),
    );
    expect(replica?.process.identities.map(({ folder }) => folder)).toContain(
      binding['tls-folder'],
    );
    expect(chartedService(sampleCluster({}, platform), 'shelf').secrets).toContainEqual(
      expect.objectContaining({ secret: 'shelf-elasticsearch-tls' }),
    );
  });
});
