import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { KubernetesPart, Manifest } from '@meridian/components/kubernetes/manifest.ts';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { stagingSettings } from '../../stacks/staging.ts';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { addArgoRollouts, addCustomResources } from './harness/controllers.ts';
import { DeclaredPart } from './harness/declared-part.ts';
import type { ApiObject, Watch } from './harness/kubernetes-client.ts';
import { addNodes } from './harness/nodes.ts';
import { PrometheusStandIn } from './harness/prometheus-stand-in.ts';
import { addGround, graph, imageDigest, NAMESPACE } from './harness/staging.ts';
import { TestCluster } from './harness/test-cluster.ts';
import { ROLLOUTS, type Rollout } from './harness/workloads.ts';

interface Service extends ApiObject {
  readonly spec: { readonly selector: Readonly<Record<string, string>> };
}

interface ServiceList {
  readonly metadata: { readonly resourceVersion: string };
}

const SERVICE = 'catalog';
const PREVIEW = `${SERVICE}-preview`;
const RELEASE_LABEL = 'rollouts-pod-template-hash';
const SERVICES = `/api/v1/namespaces/${NAMESPACE}/services`;

/** Of a release that is measured, and has answered well. */
const good = (query: string) => (query.startsWith('count(') ? 2 : 0);

/** The service as the program declares it, but that Prometheus is asked without TLS, and every second. */
function partOf(image: string): KubernetesPart {
  const images = { [SERVICE]: imageDigest(image) };
  const settings = { ...stagingSettings({}), images };
  const { serviceParts } = lowerKubernetes({ graph, settings, version: '0.0.0', migrations: {} });
  const text = JSON.stringify(serviceParts[SERVICE])
    .replaceAll('https://prometheus.', 'http://prometheus.')
    .replaceAll('"interval":"30s"', '"interval":"1s"');
  return JSON.parse(text) as KubernetesPart;
}

/** The same with something else in its Services. */
function withLabel(part: KubernetesPart, colour: string): KubernetesPart {
  const labelled = (object: Manifest): Manifest =>
    object.kind === 'Service'
      ? {
          ...object,
          metadata: { ...object.metadata, labels: { ...object.metadata.labels, colour } },
        }
      : object;
  return {
    steps: part.steps.map(({ manifests = [], ...step }) => ({
      ...step,
      manifests: manifests.map(labelled),
    })),
  };
}

/** Every pair of a Service and a release that it led to. */
class Ways implements Disposable {
  readonly seen = new Set<string>();
  readonly #watch: Watch;

  private constructor(cluster: TestCluster, resourceVersion: string) {
    this.#watch = cluster.api.watch<Service>(SERVICES, resourceVersion, ({ object }) => {
      this.seen.add(`${object.metadata.name} → ${object.spec.selector[RELEASE_LABEL] ?? 'any'}`);
    });
  }

  /** From now on, at each change. */
  static async start(cluster: TestCluster): Promise<Ways> {
    const { metadata } = await cluster.api.get<ServiceList>(SERVICES);
    return new Ways(cluster, metadata.resourceVersion);
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }
}

/** Pulumi's real engine and provider; each test goes on from where the one before ended. */
describe('a service that the program declares', () => {
  let cluster: TestCluster;
  let prometheus: PrometheusStandIn;
  let declared: DeclaredPart;
  let [first, second] = ['', ''];

  beforeAll(async () => {
    prometheus = await PrometheusStandIn.start();
    cluster = await TestCluster.start();
    await addNodes(cluster);
    await addCustomResources(cluster, ['argo-rollouts', 'keda']);
    await addArgoRollouts(cluster, prometheus.environment);
    await addGround(cluster);
    declared = await DeclaredPart.create(cluster);
  });
  afterAll(async () => {
    await cluster.stop();
    await prometheus.stop();
  });

  const rollout = (): Promise<Rollout> => cluster.api.get(`${ROLLOUTS}/${SERVICE}`);
  const healthy = (image: string): Promise<Rollout> =>
    eventually(
      rollout,
      ({ metadata, spec, status }) =>
        status?.phase === 'Healthy' &&
        status.observedGeneration === String(metadata.generation) &&
        spec.template.spec.containers[0]?.image.endsWith(imageDigest(image)) === true,
    );
  const leadsTo = async (service: string): Promise<string | undefined> =>
    (await cluster.api.get<Service>(`${SERVICES}/${service}`)).spec.selector[RELEASE_LABEL];

  async function up(part: KubernetesPart, ...flags: readonly string[]): Promise<string> {
    const { exitCode, output } = await declared.up(part, ...flags);
    if (exitCode !== 0) throw new Error(output);
    return output;
  }

  /** Changes both Services; gives the label that they have then, and all that they led to meanwhile. */
  async function changed(part: KubernetesPart, colour: string): Promise<ReadonlySet<string>> {
    using ways = await Ways.start(cluster);
    await up(withLabel(part, colour));
    await eventually(
      () => Promise.resolve(ways.seen),
      (seen) =>
        [SERVICE, PREVIEW].every((name) => [...seen].some((way) => way.startsWith(`${name} `))),
    );
    const labels = (await cluster.api.list<Service>(SERVICES)).map(
      ({ metadata }) => metadata.labels?.['colour'],
    );
    expect(labels).toEqual([colour, colour]);
    return ways.seen;
  }

  test('is made at once, though its Services have no pods yet, and then nothing is left to do', async () => {
    expect(await up(partOf('first'))).toMatch(/created/);
    first = (await healthy('first')).status?.currentPodHash ?? '';
    expect([await leadsTo(SERVICE), await leadsTo(PREVIEW)]).toEqual([first, first]);
    expect(await up(partOf('first'), '--refresh', '--expect-no-changes')).toMatch(/unchanged/);
  });

  test('keeps each of its Services with its release when these are changed in the middle of one', async () => {
    const release = partOf('second');
    await up(release);
    const waiting = await eventually(
      rollout,
      ({ status }) => status?.blueGreen?.prePromotionAnalysisRunStatus?.status === 'Running',
    );
    second = waiting.status?.currentPodHash ?? '';
    expect([await leadsTo(SERVICE), await leadsTo(PREVIEW)]).toEqual([first, second]);
    expect(await changed(release, 'blue')).toEqual(
      new Set([`${SERVICE} → ${first}`, `${PREVIEW} → ${second}`]),
    );
  });

  test('is refused where it says itself what its Services select', async () => {
    const release = withLabel(partOf('second'), 'red');
    const steps = release.steps.map(({ manifests = [] }) => ({ manifests }));
    const { exitCode, output } = await declared.up({ steps });
    expect([exitCode, output]).toEqual([
      1,
      expect.stringMatching(/conflict with "rollouts-controller".*\n?.*\.spec\.selector/),
    ]);
    expect([await leadsTo(SERVICE), await leadsTo(PREVIEW)]).toEqual([first, second]);
  });

  test('goes on when it is promoted, and its Services stay with the new release', async () => {
    prometheus.answer = good;
    await healthy('second');
    expect(await changed(partOf('second'), 'green')).toEqual(
      new Set([`${SERVICE} → ${second}`, `${PREVIEW} → ${second}`]),
    );
  });

  test('is gone back to by declaring the former revision, whose pods start with its configuration', async () => {
    await up(partOf('first'));
    const { status } = await healthy('first');
    expect(status?.currentPodHash).toBe(first);
    await eventually(
      () => leadsTo(SERVICE),
      (hash) => hash === first,
    );
  });
});
