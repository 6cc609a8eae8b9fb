import { afterAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { SUPPORTED_KUBERNETES } from '@meridian/components/cluster/supported-kubernetes.ts';
import { FOR_KUBERNETES, runChartProgram } from './chart-program.ts';
import { writeCharts } from './chart-folder.ts';
import type { KubeScoreException } from './kube-score-exceptions.ts';
import { kubeScoreExceptions } from './kube-score-exceptions.ts';
import type { ClusterObject } from './rendered-chart.ts';
import { allObjects, charts } from './rendered-chart.ts';
import { scoredObject } from './scored-objects.ts';

/** What kube-score says of an object; a check that is passed has the grade 10. */
interface Scored {
  readonly object_name: string;
  readonly checks: readonly {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

/** A check that an object does not pass. */
interface Finding {
  readonly check: string;
  readonly object: string;
  readonly comments: string;
}

const folder = writeCharts(charts);
afterAll(() => folder.remove());

/** As `helm template` renders a chart for an image that has been pushed. */
function rendered(name: string): readonly ClusterObject[] {
  const image = `image.digest=sha256:${'0'.repeat(64)}`;
  const { stdout } = runChartProgram('helm', [
    ...['template', name, folder.of(name), '--namespace', 'meridian', '--set', image],
    ...FOR_KUBERNETES,
  ]);
  return allObjects(stdout);
}

function score(objects: readonly ClusterObject[]): readonly Finding[] {
  const version = `v${SUPPORTED_KUBERNETES.newest}`;
  const { stdout } = runChartProgram(
    'kube-score',
    ['score', '--kubernetes-version', version, '--output-format', 'json', '-'],
    objects.map((object) => stringify(scoredObject(object))).join('---\n'),
  );
  return (JSON.parse(stdout) as readonly Scored[]).flatMap(({ object_name: object, checks }) =>
    checks
      .filter(({ grade, skipped }) => !skipped && grade < 10)
      .map(({ check, comments }) => ({
        check: check.id,
        object,
        comments: (comments ?? []).map(({ path, summary }) => `${path} ${summary}`).join('; '),
      })),
  );
}

const covers = ({ check, charts: names }: KubeScoreException, name: string, id: string): boolean =>
  check === id && (names === 'all' || names.includes(name));

const findings = new Map([...charts.keys()].map((name) => [name, score(rendered(name))]));

describe.each([...findings])('kube-score on the chart of %s', (name, found) => {
  test('finds nothing but what is explained', () => {
    expect(
      found.filter(({ check }) => !kubeScoreExceptions.some((known) => covers(known, name, check))),
    ).toEqual([]);
  });

  test('needs every exception that is made for it', () => {
    const made = kubeScoreExceptions.filter(
      ({ charts: names }) => names === 'all' || names.includes(name),
    );
    expect(made.map(({ check }) => check).toSorted()).toEqual(
      [...new Set(found.map(({ check }) => check))].toSorted(),
    );
  });
});

test('an exception is for charts that exist', () => {
  const named = kubeScoreExceptions.flatMap(({ charts: names }) => (names === 'all' ? [] : names));
  expect(named.filter((name) => !charts.has(name))).toEqual([]);
});

test('a pod that kube-score reads through the Rollout is looked at', () => {
  const text = JSON.stringify(rendered('catalog'));
  const writable = text.replaceAll(
    '"readOnlyRootFilesystem":true',
    '"readOnlyRootFilesystem":false',
  );
  const objects = JSON.parse(writable) as readonly ClusterObject[];
  expect(score(objects).map(({ check }) => check)).toContain(
    'container-security-context-readonlyrootfilesystem',
  );
});
