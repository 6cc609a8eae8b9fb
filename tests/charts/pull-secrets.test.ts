import { describe, expect, test } from '@jest/globals';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { chartsOf, objectsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { platform } from '../../infra/platform-graph.ts';
import { stagingSettings } from '../../stacks/staging.ts';

const SECRET = 'registry-access';

const settings = stagingSettings({ imagePullSecrets: JSON.stringify([SECRET]) });
const graph = landed(platform(settings));
const externals = Object.fromEntries(graph.externals.map(({ name }) => [name, { standIn: true }]));
const stack = lowerKubernetes({
  graph,
  settings: { ...settings, externals: externals as typeof settings.externals },
  version: '0.0.0',
  migrations: Object.fromEntries(
    graph.services.flatMap(({ stores }) =>
      stores.flatMap((store) => ('migrations' in store ? [[store.migrations, 'digest']] : [])),
    ),
  ),
});

interface Found {
  readonly path: string;
  readonly imagePullSecrets: unknown;
}

/** What in an object becomes the spec of a pod: it has containers, or is a template of an operator's for one. */
function podSpecs(value: unknown, path: string): readonly Found[] {
  if (typeof value !== 'object' || value === null) return [];
  const { imagePullSecrets } = value as { readonly imagePullSecrets?: unknown };
  const below = Object.entries(value).flatMap(([key, member]) =>
    podSpecs(member, `${path}.${key}`),
  );
  return isPodSpec(value, path) ? [{ path, imagePullSecrets }, ...below] : below;
}

function isPodSpec(value: object, path: string): boolean {
  return (
    'containers' in value ||
    /^Kafka.*\.template\.pod$/.test(path) ||
    /^EnvoyProxy.*\.pod$/.test(path) ||
    /^Cluster [^.]*\.spec$/.test(path)
  );
}

const found = objectsOf(stack).flatMap((object) =>
  podSpecs(object, `${object.kind} ${object.metadata.name}`),
);

describe('the Secrets with which images are pulled', () => {
  test('reach every pod of ours, and every pod that an operator makes for us', () => {
    const kinds = new Set(found.map(({ path }) => path.split(' ')[0]));
    expect([...kinds].toSorted()).toEqual([
      ...['Cluster', 'CronJob', 'Deployment', 'Elasticsearch', 'EnvoyProxy', 'Job', 'Kafka'],
      ...['KafkaNodePool', 'Rollout', 'StatefulSet'],
    ]);
    const without = found.filter(
      ({ imagePullSecrets }) =>
        JSON.stringify(imagePullSecrets) !== JSON.stringify([{ name: SECRET }]),
    );
    expect(without.map(({ path }) => path)).toEqual([]);
  });

  test('reach every chart of others', () => {
    const charts = chartsOf(stack);
    expect(charts.length).toBeGreaterThan(10);
    const without = charts.filter(({ values }) => !JSON.stringify(values).includes(SECRET));
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});
