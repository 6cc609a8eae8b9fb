import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RehearsedProject } from './testing/rehearsed-project.ts';
import { sampleChart, writeFiles } from './testing/sample-chart.ts';

const DEADLINE_MS = 120_000;
const MARKER = 'marker-of-a-secret';

/** What `pulumi preview --json` prints. */
interface Preview {
  readonly steps: readonly {
    readonly op: string;
    readonly urn: string;
    readonly detailedDiff: object | null;
    readonly newState: { readonly inputs: object };
  }[];
  readonly changeSummary: object;
}

/** A program of one namespace, one config map, one topic, one secret and one release. */
const program = (change: {
  readonly colour?: string;
  readonly extra?: string;
  readonly values?: string;
  readonly metadata?: string;
  readonly partitions?: number;
}) => `
import { apiextensions, core, helm } from '@pulumi/kubernetes';
import { secret } from '@pulumi/pulumi';
const metadata = (name) => ({ name, namespace: 'shop' });
new core.v1.Namespace('namespace', { metadata: { name: 'shop' } });
new core.v1.ConfigMap('settings', {
  metadata: ${change.metadata ?? "metadata('settings')"},
  data: { size: '1' },
});
new apiextensions.CustomResource('thing', {
  apiVersion: 'v1', kind: 'Service', metadata: metadata('thing'), spec: { type: '${change.colour ?? 'ClusterIP'}' },
});
new apiextensions.CustomResource('topic', {
  apiVersion: 'kafka.strimzi.io/v1', kind: 'KafkaTopic', metadata: metadata('topic'), spec: { partitions: ${change.partitions ?? 12} },
});
new core.v1.Secret('password', { metadata: metadata('password'), stringData: { password: '${MARKER}-1' } });
new helm.v3.Release('release', {
  name: 'shop', namespace: 'shop', chart: './chart', version: '1.0.0', values: ${change.values ?? `{ colour: secret('${MARKER}-3') }`},
});
${change.extra ?? ''}
`;

/** The real engine, one story: each test goes on from where the one before it ended. */
describe('a rehearsal', () => {
  let project: RehearsedProject;

  beforeAll(async () => {
    project = await RehearsedProject.create();
    writeFiles(project.folder, sampleChart);
  }, DEADLINE_MS);

  afterAll(() => {
    project.remove();
  });

  const run = async (source: string, ...args: readonly string[]) => {
    project.write('index.ts', source);
    return await project.pulumi(...args);
  };

  test(
    'creates what a program declares, under the identities that the real provider gives',
    async () => {
      const { exitCode, output } = await run(program({}), 'up', '--yes', '--skip-preview');
      expect([exitCode, output]).toEqual([0, expect.stringContaining('+ 7 created')]);
      expect(output).not.toContain('warning');
      expect(project.ids()).toEqual([
        'shop',
        'shop/password',
        'shop/settings',
        'shop/shop',
        'shop/thing',
        'shop/topic',
      ]);
      expect(project.state()).toContain('This is a rehearsal: no cluster was asked');
      for (const text of [project.state(), output]) expect(text).not.toContain(MARKER);
    },
    DEADLINE_MS,
  );

  test(
    'shows exactly what was changed: a property, objects of a release, and a chart of somebody else',
    async () => {
      const operator =
        "new helm.v3.Release('operator', { name: 'operator', namespace: 'shop', chart: 'operator', version: '1.2.3', repositoryOpts: { repo: 'https://charts.example' }, values: { on: true } });";
      const changed = program({
        colour: 'NodePort',
        values: `{ colour: secret('${MARKER}-3'), replicas: 3 }`,
        extra: operator,
      });
      const { output } = await run(changed, 'preview', '--json');
      const { steps, changeSummary } = JSON.parse(output) as Preview;
      const updated = steps.filter(({ op }) => op === 'update');
      const differences = updated.map(({ urn, detailedDiff }): [string, readonly string[]] => [
        urn.split('::').at(-1) ?? '',
        Object.keys(detailedDiff ?? {}),
      ]);
      expect(Object.fromEntries(differences)).toEqual({
        thing: ['spec.type'],
        release: ['manifest["ConfigMap shop"].data.replicas', 'values.replicas'],
      });
      expect(changeSummary).toEqual({ create: 1, same: 5, update: 2 });
      const created = steps.find(({ op }) => op === 'create');
      expect(created?.newState.inputs).toMatchObject({
        chart: 'operator',
        version: '1.2.3',
        values: { on: true },
      });
      expect(output).not.toContain(MARKER);
    },
    DEADLINE_MS,
  );

  test(
    'tells people of it, of what no cluster can change, and of a secret only that it is another',
    async () => {
      const renamed = program({
        colour: 'NodePort',
        metadata: "metadata('options')",
        values: `{ colour: secret('${MARKER}-4') }`,
      });
      const { output } = await run(renamed, 'preview', '--diff');
      expect(output).toMatch(/~ type: "ClusterIP" => "NodePort"/);
      expect(output).toMatch(/name\s*: "settings" => "options"/);
      expect(output).toMatch(/~ 2 to update\n\s+\+-1 to replace\n\s+3 changes. 4 unchanged/);
      expect(output).toContain('[secret]');
      expect(output).not.toContain(MARKER);
    },
    DEADLINE_MS,
  );

  test(
    'replaces an old object before the new one of the same name',
    async () => {
      const changed = program({}).replace("size: '1'", "size: '2'");
      const { output } = await run(changed, 'preview', '--show-replacement-steps');
      expect(output).toMatch(/ConfigMap settings delete[^]*ConfigMap settings replace/);
    },
    DEADLINE_MS,
  );

  test(
    'refuses a wrong type, and the value of a secret stays untold',
    async () => {
      const extra = `new apiextensions.CustomResource('odd', { apiVersion: 'v1', kind: 'Service', metadata: metadata('odd'), spec: { type: secret('${MARKER}-2') } });`;
      const { exitCode, output } = await run(program({ extra }), 'preview');
      expect([exitCode === 0, output]).toEqual([false, output]);
      expect(output).toContain(
        "kubernetes:v1:Service resource 'odd' has a problem: spec.type: is wrong; its value is secret and not shown",
      );
      expect(output).not.toContain(MARKER);
    },
    DEADLINE_MS,
  );

  test(
    'refuses what an operator would, of an object that is there',
    async () => {
      const { exitCode, output } = await run(program({ partitions: 6 }), 'preview');
      expect([exitCode === 0, output]).toEqual([false, output]);
      expect(output).toContain(
        'spec.partitions: must be 12 or more, since those that there are hold records, got 6',
      );
    },
    DEADLINE_MS,
  );
});
