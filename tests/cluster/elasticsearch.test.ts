import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { addCertManager } from './harness/cert-manager.ts';
import { addCustomResources } from './harness/controllers.ts';
import { addElasticOperator, addVolumes } from './harness/elastic-operator.ts';
import { runJob } from './harness/jobs.ts';
import type { ApiObject } from './harness/kubernetes-client.ts';
import { applyManifests } from './harness/manifests.ts';
import { addNodes, ZONES } from './harness/nodes.ts';
import { addGround, NAMESPACE } from './harness/staging.ts';
import { TestCluster } from './harness/test-cluster.ts';
import { zonesOfNodes, type Pod } from './harness/workloads.ts';

const DATA = 'meridian-data';
const CLUSTER_LABEL = 'elasticsearch.k8s.elastic.co/cluster-name';
/** Of certificates that wait for their authorities, and of pods that wait for their volumes. */
const LONG_MS = 240_000;

const SERVER_SECRET = 'meridian-elasticsearch-server';

interface Secret extends ApiObject {
  readonly data: Readonly<Record<string, string>>;
}

interface Container {
  readonly name: string;
  readonly image?: string;
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
  readonly securityContext?: Readonly<Record<string, unknown>>;
}

interface NodePod extends Pod {
  readonly spec: Pod['spec'] & {
    readonly containers: readonly Container[];
    readonly initContainers: readonly Container[];
  };
}

interface KubernetesEvent extends ApiObject {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly kind: string };
}

/** What ECK's own operator makes of the manifests; no node of Elasticsearch runs. */
describe('Elasticsearch of the staging stack, as ECK makes it', () => {
  let cluster: TestCluster;
  let pods: readonly NodePod[];

  beforeAll(async () => {
    cluster = await TestCluster.start();
    await addNodes(cluster);
    await addCustomResources(cluster, ['cert-manager', 'elasticsearch']);
    await addCertManager(cluster);
    const stack = await addGround(cluster);
    await addVolumes(cluster, ZONES.length);
    const { refusals } = await applyManifests(cluster, stack.manifests, ['certificates', 'search']);
    expect(refusals).toBe('');
    // ECK is to find what the first steps of a deployment wait for.
    await eventually(
      () => list<Secret>('secrets'),
      (found) => found.some(isServerSecret),
      LONG_MS,
    );
    expect(await runJob(cluster, stack, 'credentials-elasticsearch-')).toMatchObject({
      exitCode: 0,
    });
    await addElasticOperator(cluster, DATA);
    pods = await eventually(
      async () => (await list<NodePod>('pods')).filter(isNode),
      (found) =>
        found.length === ZONES.length && found.every(({ spec }) => spec.nodeName !== undefined),
      LONG_MS,
    );
  });
  afterAll(() => cluster.stop());

  const list = <T extends ApiObject>(kind: string): Promise<readonly T[]> =>
    cluster.api.list<T>(`/api/v1/namespaces/${DATA}/${kind}`);
  const isServerSecret = ({ metadata }: Secret): boolean => metadata.name === SERVER_SECRET;
  const isNode = ({ metadata }: ApiObject): boolean =>
    metadata.labels?.[CLUSTER_LABEL] === 'meridian';
  const secret = async (name: string): Promise<(key: string) => string> => {
    const { data } = await cluster.api.get<Secret>(`/api/v1/namespaces/${DATA}/secrets/${name}`);
    return (key) => Buffer.from(data[key] ?? '', 'base64').toString();
  };

  test('is a pod in each zone, let in by Pod Security and reached by the policy', async () => {
    const zones = await zonesOfNodes(cluster);
    const placed = pods.map(({ metadata, spec }) => [
      metadata.name,
      zones.get(spec.nodeName ?? ''),
    ]);
    expect(Object.fromEntries(placed)).toEqual({
      'meridian-es-a-0': 'zone-a',
      'meridian-es-b-0': 'zone-b',
      'meridian-es-c-0': 'zone-c',
    });
    const policy = await cluster.api.get<
      ApiObject & { readonly spec: { readonly podSelector: { readonly matchLabels: object } } }
    >(`/apis/networking.k8s.io/v1/namespaces/${DATA}/networkpolicies/meridian-elasticsearch`);
    for (const { metadata } of pods) {
      expect(metadata.labels).toMatchObject(policy.spec.podSelector.matchLabels);
    }
  });

  test('has containers of ECK alone, with its image, our resources and nothing of root', () => {
    for (const { spec } of pods) {
      const all = [...spec.initContainers, ...spec.containers];
      expect(all.map(({ name }) => name)).toEqual([
        'elastic-internal-init-filesystem',
        'elastic-internal-suspend',
        'elasticsearch',
      ]);
      for (const { image, securityContext } of all) {
        expect(image).toMatch(/^docker\.elastic\.co\/elasticsearch\/elasticsearch:8\.\d+\.\d+$/);
        expect(securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
        });
      }
      expect(all.map(({ resources }) => resources?.limits?.['memory'])).toEqual([
        '256Mi',
        '2Gi',
        '2Gi',
      ]);
    }
  });

  test('is configured as we say, beside what ECK says', async () => {
    const text = (await secret('meridian-es-b-es-config'))('elasticsearch.yml');
    const settings = flat(parse(text) as object);
    expect(settings).toMatchObject({
      'node.attr.zone': 'b',
      'cluster.routing.allocation.awareness.attributes': 'zone',
      'cluster.routing.allocation.awareness.force.zone.values': 'a,b,c',
      'node.roles': ['master', 'data', 'ingest'],
      'node.store.allow_mmap': false,
      'action.auto_create_index': false,
      'xpack.security.enabled': 'true',
      'xpack.security.http.ssl.supported_protocols': ['TLSv1.3'],
      'xpack.security.transport.ssl.supported_protocols': ['TLSv1.3'],
      'xpack.security.transport.ssl.verification_mode': 'certificate',
    });
  });

  test('knows the user of the index with its role, and no super user', async () => {
    const realm = await secret('meridian-es-xpack-file-realm');
    const users = realm('users').trim().split('\n');
    const named = users.map((line) => line.split(':')[0]);
    expect(named).toContain('products-elasticsearch');
    expect(named).not.toContain('elastic');
    expect(realm('users_roles')).toMatch(/^products-elasticsearch:products-elasticsearch$/m);
    const roles = parse(realm('roles.yml')) as Readonly<Record<string, object>>;
    expect(roles['products-elasticsearch']).toEqual({
      cluster: [],
      indices: [{ names: ['products', 'products.*'], privileges: ['manage', 'read', 'write'] }],
    });
  });

  test('shows the certificate of the engines under the address of the binding', async () => {
    const internal = await secret('meridian-es-http-certs-internal');
    const issued = await secret(SERVER_SECRET);
    for (const key of ['tls.crt', 'tls.key', 'ca.crt']) {
      expect(issued(key)).not.toBe('');
      expect(internal(key)).toBe(issued(key));
    }
    const binding = await cluster.api.get<Secret>(
      `/api/v1/namespaces/${NAMESPACE}/secrets/products-elasticsearch-binding`,
    );
    const host = Buffer.from(binding.data['host'] ?? '', 'base64').toString();
    const services = await list<ApiObject & { readonly spec: { readonly ports: object[] } }>(
      'services',
    );
    const service = services.find(
      ({ metadata }) => host === `${metadata.name}.${DATA}.svc.cluster.local`,
    );
    expect(service?.spec.ports).toMatchObject([{ port: 9_200 }]);
  });

  test('is warned of by nobody: neither by ECK nor by who places its pods', async () => {
    const events = await list<KubernetesEvent>('events');
    const warnings = events.filter(
      ({ type, involvedObject }) =>
        type === 'Warning' && ['Elasticsearch', 'StatefulSet'].includes(involvedObject.kind),
    );
    expect(warnings.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([]);
  });
});

/** Settings by their whole names. */
function flat(settings: object, prefix = ''): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]): [string, unknown][] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(flat(value as object, `${prefix}${key}.`))
        : [[`${prefix}${key}`, value]],
    ),
  );
}
