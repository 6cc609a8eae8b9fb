import { afterAll, describe, expect, test } from '@jest/globals';
import {
  kubeVersionOf,
  SUPPORTED_KUBERNETES,
} from '@meridian/components/cluster/supported-kubernetes.ts';
import { FOR_KUBERNETES, runChartProgram } from './chart-program.ts';
import { writeCharts } from './chart-folder.ts';
import { charts, withDefaults } from './rendered-chart.ts';

const folder = writeCharts(charts);
afterAll(() => folder.remove());

/** Documents without the comments that say where each is from; Helm sorts by kind. */
const documents = (text: string): readonly string[] =>
  text
    .split(/^---\n/m)
    .map((document) => document.replaceAll(/^#.*\n/gm, '').trimEnd())
    .filter((document) => document !== '')
    .toSorted();

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

  // tests/golden holds the same text against the reviewed files.
  test('default values give the manifests that the goldens hold', () => {
    const { code, stdout, stderr } = template(name);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(documents(stdout)).toEqual(documents(withDefaults(chart)));
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
});

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
