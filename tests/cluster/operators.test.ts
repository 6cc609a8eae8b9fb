import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { CHANGE_PLANTS, OBJECT_PLANTS } from '../plants/object-plants.ts';
import { OPERATOR_PLANTS } from '../plants/operator-plants.ts';
import { edited, type Edit } from '../plants/plant.ts';
import { stagingObject } from '../plants/staging-objects.ts';
import { addCertManager } from './harness/cert-manager.ts';
import { addCloudNativePg } from './harness/cloud-native-pg.ts';
import { addArgoRollouts, addCustomResources } from './harness/controllers.ts';
import { addElasticOperator, addVolumes } from './harness/elastic-operator.ts';
import { addKedaWebhooks } from './harness/keda.ts';
import type { ApiObject } from './harness/kubernetes-client.ts';
import { applyManifests, judge } from './harness/manifests.ts';
import { addNodes } from './harness/nodes.ts';
import { addGround, chartNames, installChart, NAMESPACE } from './harness/staging.ts';
import { TestCluster } from './harness/test-cluster.ts';
import { addTrustManager } from './harness/trust-manager.ts';
import { ROLLOUTS, type Rollout } from './harness/workloads.ts';

const DATA = 'meridian-data';
const CLUSTER_LABEL = 'cnpg.io/cluster';

/** For PostgreSQL, its log and Elasticsearch, in each zone. */
const VOLUMES = 9;

/** Of certificates that wait for their authorities, and of pods that wait for their volumes. */
const LONG_MS = 240_000;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

interface Judged extends ApiObject {
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

interface Data extends ApiObject {
  readonly data: Readonly<Record<string, string>>;
}

interface Pod extends ApiObject {
  readonly spec: {
    readonly priorityClassName?: string;
    readonly topologySpreadConstraints?: readonly unknown[];
    readonly containers: readonly { readonly name: string; readonly image: string }[];
  };
}

interface KubernetesEvent extends ApiObject {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly kind: string; readonly name: string };
}

/** The operators themselves judge: each with its webhooks, as far as it gets without a process in a pod. */
describe('the staging stack, as operators take it', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    await addNodes(cluster);
    await addCustomResources(cluster);
    await addCertManager(cluster);
    const stack = await addGround(cluster);
    await addVolumes(cluster, VOLUMES);
    await addTrustManager(cluster);
    await addCloudNativePg(cluster, DATA);
    await addElasticOperator(cluster, DATA);
    await addArgoRollouts(cluster);
    await addKedaWebhooks(cluster);
    for (const name of chartNames(stack)) await installChart(cluster, stack, name);
    expect(await applyManifests(cluster, stack.manifests)).toEqual({
      refusals: '',
      unknownKinds: [],
    });
  });
  afterAll(() => cluster.stop());

  const inData = <T extends ApiObject>(kind: string): Promise<readonly T[]> =>
    cluster.api.list<T>(`/api/v1/namespaces/${DATA}/${kind}`);
  const secret = (namespace: string, name: string): Promise<Data> =>
    cluster.api.get<Data>(`/api/v1/namespaces/${namespace}/secrets/${name}`);

  test('has each bundle of roots where it is read, and no key with it', async () => {
    const bundles = await eventually(
      () => cluster.api.list<Judged>('/apis/trust.cert-manager.io/v1alpha1/bundles'),
      (found) => found.length > 0 && found.every(isSynced),
      LONG_MS,
    );
    expect(bundles.map(({ metadata }) => metadata.name)).toEqual([
      'meridian-edge-for-probes',
      'meridian-root',
      'meridian-telemetry',
    ]);
    const { data } = await secret('cert-manager', 'meridian-root-authority');
    for (const namespace of [NAMESPACE, 'spiffe-driver']) {
      const copy = await cluster.api.get<Data>(
        `/api/v1/namespaces/${namespace}/configmaps/meridian-root`,
      );
      expect(copy.data).toEqual({
        'ca.crt': expect.stringMatching(/^-----BEGIN CERTIFICATE-----[^-]+-----END/),
      });
      const root = Buffer.from(data['tls.crt'] ?? '', 'base64').toString();
      expect(copy.data['ca.crt']?.trim()).toBe(root.trim());
    }
  });

  describe('by CloudNativePG', () => {
    let pods: readonly Pod[];

    beforeAll(async () => {
      pods = await eventually(
        async () => (await inData<Pod>('pods')).filter(isOfPostgres),
        (found) => found.some(isInstance),
        LONG_MS,
      );
    });

    test('gets a first instance, by pods that are let in, in their class and spread over zones', () => {
      const { spec } = stagingObject('Cluster meridian') as unknown as Pod;
      const made = pods.map(({ metadata, spec: made }) => ({
        role: metadata.labels?.['cnpg.io/jobRole'] ?? metadata.labels?.['cnpg.io/podRole'],
        priorityClassName: made.priorityClassName,
        topologySpreadConstraints: made.topologySpreadConstraints,
      }));
      const { priorityClassName, topologySpreadConstraints } = spec;
      for (const role of ['initdb', 'instance']) {
        expect(made).toContainEqual({ role, priorityClassName, topologySpreadConstraints });
      }
    });

    test('gets the Services that bindings name, and a certificate for every name of theirs', async () => {
      const services = await inData('services');
      const { data } = await secret(NAMESPACE, 'orders-postgres-binding');
      const host = Buffer.from(data['host'] ?? '', 'base64').toString();
      const hosts = services.map(({ metadata }) => `${metadata.name}.${DATA}.svc.cluster.local`);
      expect(hosts).toContain(host);
      const { status } = await cluster.api.get<{
        readonly status: {
          readonly certificates: { readonly serverAltDNSNames: readonly string[] };
        };
      }>(`/apis/postgresql.cnpg.io/v1/namespaces/${DATA}/clusters/meridian`);
      const certificate = stagingObject('Certificate postgres-server-tls') as unknown as {
        readonly spec: { readonly dnsNames: readonly string[] };
      };
      expect(certificate.spec.dnsNames).toEqual(
        expect.arrayContaining([...status.certificates.serverAltDNSNames]),
      );
    });

    test('gets budgets: one instance may go, and the primary only when another takes over', async () => {
      const budgets = await cluster.api.list<
        ApiObject & { readonly spec: { readonly minAvailable: number } }
      >(`/apis/policy/v1/namespaces/${DATA}/poddisruptionbudgets`);
      const named = budgets.map(({ metadata, spec }) => [metadata.name, spec.minAvailable]);
      expect(Object.fromEntries(named)).toMatchObject({ meridian: 1, 'meridian-primary': 1 });
    });

    test('is warned of by nobody', async () => {
      const events = await inData<KubernetesEvent>('events');
      const kinds = ['Cluster', 'Database', 'Pooler', 'ScheduledBackup'];
      const warnings = events.filter(
        ({ type, involvedObject }) => type === 'Warning' && kinds.includes(involvedObject.kind),
      );
      expect(warnings.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([]);
    });
  });

  test('has no Rollout of which Argo Rollouts says that it is invalid', async () => {
    const rollouts = await eventually(
      () => cluster.api.list<Rollout & Judged>(ROLLOUTS),
      (found) =>
        found.length > 0 && found.every(({ status }) => status?.observedGeneration !== undefined),
    );
    const conditions = rollouts.flatMap(({ status }) => status?.conditions ?? []);
    expect(conditions.filter(({ type }) => type === 'InvalidSpec')).toEqual([]);
  });

  test.each(judgedPlants().map((plant) => [plant.name, plant] as const))(
    'would not have %s',
    async (_name, { mistake: { object, ...edit }, says }) => {
      const said = await judge(cluster, edited(stagingObject(object), edit));
      expect(said).toContain(says);
    },
  );
});

interface JudgedPlant {
  readonly name: string;
  readonly mistake: Edit & { readonly object: string };
  /** What the operator says. */
  readonly says: string;
}

/** The plants that an operator refuses, also those that something before it refuses already. */
function judgedPlants(): readonly JudgedPlant[] {
  const others = [...OBJECT_PLANTS, ...CHANGE_PLANTS].flatMap(({ name, mistake, operator }) =>
    operator === undefined || !('object' in mistake) ? [] : [{ name, mistake, says: operator }],
  );
  return [...OPERATOR_PLANTS.map((plant) => ({ ...plant, says: plant.message })), ...others];
}

function isSynced({ status }: Judged): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => type === 'Synced' && is === 'True') ?? false
  );
}

function isOfPostgres({ metadata }: Pod): boolean {
  return metadata.labels?.[CLUSTER_LABEL] === 'meridian';
}

function isInstance({ metadata }: Pod): boolean {
  return metadata.labels?.['cnpg.io/podRole'] === 'instance';
}
