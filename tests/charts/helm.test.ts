import { afterAll, describe, expect, test } from '@jest/globals';
import {
  kubeVersionOf,
  SUPPORTED_KUBERNETES,
} from '@meridian/components/cluster/supported-kubernetes.ts';
import type { Manifest } from '@meridian/components/kubernetes/manifest.ts';
import { FOR_KUBERNETES, runChartProgram } from './chart-program.ts';
import { writeCharts } from './chart-folder.ts';
import type { ClusterObject } from './rendered-chart.ts';
import { lowered } from './lowered-staging.ts';
import { allObjects, charts, withDefaults } from './rendered-chart.ts';

const folder = writeCharts(charts);
afterAll(() => folder.remove());

/** Documents without the comments that say where each is from; Helm sorts by kind. */
const documents = (text: string): readonly string[] =>
  text
    .split(/^---\n/m)
    .map((document) => document.replaceAll(/^#.*\n/gm, '').trimEnd())
    .filter((document) => document !== '')
    .toSorted();

/** An object of a chart without what says that it is of one. */
function withoutChart({ metadata, ...object }: ClusterObject): object {
  const own = ['app.kubernetes.io/managed-by', 'helm.sh/chart'];
  return plain({ ...object, metadata: { ...metadata, labels: without(metadata.labels, own) } });
}

/** A declared object without where it is declared, and without what is told to Pulumi and to `npm run drift`. */
function withoutProgram({ metadata, ...object }: Manifest): object {
  const { annotations, labels, namespace, ...rest } = metadata;
  expect(namespace).toBe('meridian');
  const left = without(annotations, [
    'pulumi.com/deletionPropagationPolicy',
    'pulumi.com/patchFieldManager',
    'pulumi.com/skipAwait',
    'meridian/release',
  ]);
  const kept = Object.keys(left).length === 0 ? {} : { annotations: left };
  const ofService = without(labels, ['app.kubernetes.io/managed-by']);
  return plain({ ...object, metadata: { ...rest, ...kept, labels: ofService } });
}

const without = (texts: Readonly<Record<string, string>> = {}, names: readonly string[]) =>
  Object.fromEntries(Object.entries(texts).filter(([name]) => !names.includes(name)));

const plain = (value: object) => JSON.parse(JSON.stringify(value)) as object;

const byTitle = (objects: readonly object[]) =>
  new Map(
    objects.map((object) => {
      const { kind, metadata } = object as ClusterObject;
      return [`${kind} ${metadata.name}`, object] as const;
    }),
  );

const template = (name: string, ...args: readonly string[]) =>
  runChartProgram('helm', [
    ...['template', name, folder.of(name), '--namespace', 'meridian'],
    ...FOR_KUBERNETES,
    ...args,
  ]);

describe.each([...charts])('Helm and the chart of %s', (name, chart) => {
  test('it is lint-clean, warnings included', () => {
    const { code, stdout } = runChartProgram('helm', [
      ...['lint', '--strict', folder.of(name)],
      ...FOR_KUBERNETES,
    ]);
    expect(stdout).not.toMatch(/\[(?:WARNING|ERROR)\]/);
    expect(stdout).toMatch(/1 chart\(s\) linted, 0 chart\(s\) failed/);
    expect(code).toBe(0);
  });

  test('default values give the manifests that other tests read', () => {
    const { code, stdout, stderr } = template(name);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(documents(stdout)).toEqual(documents(withDefaults(chart)));
  });

  // One value is written as a chart and declared by the program; whoever installs it adds the rest.
  test('default values give the objects that the program declares', () => {
    const { stdout } = template(name);
    const { steps } = lowered.serviceParts[name] ?? { steps: [] };
    const declared = steps.flatMap(({ manifests = [] }) => manifests);
    expect(declared.length).toBeGreaterThan(6);
    expect(byTitle(allObjects(stdout).map(withoutChart))).toEqual(
      byTitle(declared.map(withoutProgram)),
    );
  });

  test.each([
    ['a value that the schema does not name', 'image.tag=latest', /tag/],
    ['a value of the wrong type', 'replicas.min=two', /replicas/],
    ['an image without a digest', 'image.digest=latest', /digest/],
  ])('%s is refused', (_what, value, named) => {
    const { code, stderr } = template(name, '--set', value);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/values don't meet the specifications of the schema/);
    expect(stderr).toMatch(named);
  });

  test.each([
    [
      'more replicas at least than at most',
      ['replicas.min=10', 'replicas.max=5'],
      'Value replicas.min: must not exceed replicas.max (5), got 10; lower it, or raise replicas.max',
    ],
    [
      'a request of CPU above its limit, in whatever unit',
      ['resources.requests.cpu=3', 'resources.limits.cpu=2500m'],
      'Value resources.requests.cpu: must not exceed resources.limits.cpu (2500m), got 3; lower it',
    ],
    [
      'a request of memory above its limit, in whatever unit',
      ['resources.requests.memory=2Gi', 'resources.limits.memory=2047Mi'],
      'Value resources.requests.memory: must not exceed resources.limits.memory (2047Mi), got 2Gi; lower it',
    ],
    [
      'a heap that leaves nothing to the rest',
      ['heapMiB=1000', 'resources.limits.memory=1Gi'],
      /Value heapMiB: must leave \d+ MiB of resources\.limits\.memory \(1Gi\) to what is beside the heap, got 1000; lower it/,
    ],
  ])('%s is refused, with both values', (_what, given, message) => {
    const { code, stderr } = template(name, ...given.flatMap(asGiven));
    expect(code).not.toBe(0);
    expect(stderr).toMatch(message);
  });

  test.each([
    ['as many replicas at least as at most', ['replicas.min=5', 'replicas.max=5']],
    [
      'requests that are the limits, in other units',
      [
        ...['resources.requests.cpu=2', 'resources.limits.cpu=2000m'],
        ...['resources.requests.memory=1Gi', 'resources.limits.memory=1024Mi'],
      ],
    ],
  ])('%s are taken', (_what, given) => {
    expect(template(name, ...given.flatMap(asGiven))).toMatchObject({ code: 0, stderr: '' });
  });
});

/** A value on Helm's command line; a quantity without a unit is a text all the same. */
function asGiven(value: string): readonly string[] {
  return [value.startsWith('resources.') ? '--set-string' : '--set', value];
}

describe('the Kubernetes that a chart is installed in', () => {
  const [first = ''] = charts.keys();

  test.each(['1.34.9', '1.37.0'])('is not %s', (version) => {
    const { code, stderr } = template(first, '--kube-version', version);
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      `chart requires kubeVersion: ${kubeVersionOf(SUPPORTED_KUBERNETES)} which is incompatible with Kubernetes v${version}`,
    );
  });

  test.each(['1.35.0', '1.36.3'])('may be %s', (version) => {
    expect(template(first, '--kube-version', version)).toMatchObject({ code: 0, stderr: '' });
  });
});
