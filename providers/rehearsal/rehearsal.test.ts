import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RehearsedProject } from './testing/rehearsed-project.ts';
import { sampleChart, writeFiles } from './testing/sample-chart.ts';

const DEADLINE_MS = 120_000;
const MARKER = 'marker-of-a-secret';

/** A program of one namespace, one config map, one secret and one release. */
const program = (change: {
  readonly colour?: string;
  readonly extra?: string;
  readonly values?: string;
  readonly metadata?: string;
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
new core.v1.Secret('password', { metadata: metadata('password'), stringData: { password: '${MARKER}-1' } });
new helm.v3.Release('release', {
  name: 'shop', namespace: 'shop', chart: './chart', version: '1.0.0', values: ${change.values ?? '{}'},
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

  /** What the engine says of a failing preview; it must fail. */
  const refusal = async (source: string): Promise<string> => {
    const { exitCode, output } = await run(source, 'preview');
    expect([exitCode === 0, output]).toEqual([false, output]);
    return output;
  };

  test(
    'creates what a program declares, under the identities that the real provider gives',
    async () => {
      const { output } = await run(program({}), 'up', '--yes', '--skip-preview');
      expect(output).toContain('+ 6 created');
      expect(output).not.toContain('warning');
      expect(project.ids()).toEqual([
        'shop',
        'shop/password',
        'shop/settings',
        'shop/shop',
        'shop/thing',
      ]);
      expect(project.state()).toContain('This is a rehearsal: no cluster was asked');
    },
    DEADLINE_MS,
  );

  test(
    'shows no change on a second preview, and exactly the one property that was changed',
    async () => {
      await project.succeed('preview', '--expect-no-changes');
      const { output } = await run(program({ colour: 'NodePort' }), 'preview', '--diff');
      expect(output).toMatch(/~ type: "ClusterIP" => "NodePort"/);
      expect(output).toMatch(/~ 1 to update\n\s+5 unchanged/);
    },
    DEADLINE_MS,
  );

  test(
    'replaces what no cluster can change, the old object before the new one of the same name',
    async () => {
      const renamed = "metadata('options')";
      const { output } = await run(program({ metadata: renamed }), 'preview', '--diff');
      expect(output).toMatch(/name\s*: "settings" => "options"/);
      expect(output).toContain('1 to replace');
      const changed = program({}).replace("size: '1'", "size: '2'");
      const again = await run(changed, 'preview', '--show-replacement-steps');
      expect(again.output).toMatch(/ConfigMap settings delete[^]*ConfigMap settings replace/);
    },
    DEADLINE_MS,
  );

  test(
    'shows what a release changes in its objects',
    async () => {
      const { output } = await run(program({ values: '{ replicas: 3 }' }), 'preview', '--json');
      const { steps, changeSummary } = JSON.parse(output) as {
        readonly steps: readonly { readonly detailedDiff: object | null }[];
        readonly changeSummary: object;
      };
      expect(steps.flatMap(({ detailedDiff }) => Object.keys(detailedDiff ?? {}))).toEqual([
        'manifest["ConfigMap shop"].data.replicas',
        'values.replicas',
      ]);
      expect(changeSummary).toEqual({ same: 5, update: 1 });
    },
    DEADLINE_MS,
  );

  test.each([
    [
      'a wrong type, and the value of a secret stays untold',
      `new apiextensions.CustomResource('odd', { apiVersion: 'v1', kind: 'Service', metadata: metadata('odd'), spec: { type: secret('${MARKER}-2') } });`,
      "kubernetes:v1:Service resource 'odd' has a problem: spec.type: is wrong; its value is secret and not shown",
    ],
    [
      'a read from the cluster',
      "core.v1.ConfigMap.get('odd', 'shop/odd');",
      'The program reads nothing from a cluster',
    ],
    [
      'an invoke of a provider',
      "import { runtime } from '@pulumi/pulumi'; await runtime.invoke('kubernetes:helm:template', {}, { version: '4.34.2' });",
      "The program makes no provider invoke, so that two previews are equal; got invoke 'kubernetes:helm:template'",
    ],
  ])(
    'refuses %s',
    async (_what, extra, message) => {
      const output = await refusal(program({ extra }));
      expect(output).toContain(message);
      expect(output).not.toContain(MARKER);
    },
    DEADLINE_MS,
  );

  test(
    'tells nobody a secret, neither in state nor in a preview, wherever it is used',
    async () => {
      const values = `{ colour: secret('${MARKER}-3') }`;
      const created = await run(program({ values }), 'up', '--yes', '--skip-preview');
      expect(created.exitCode).toBe(0);
      const changed = `{ colour: secret('${MARKER}-4') }`;
      const preview = await run(program({ values: changed }), 'preview', '--diff');
      expect(preview.output).toContain('[secret]');
      for (const text of [project.state(), created.output, preview.output]) {
        expect(text).not.toContain(MARKER);
      }
    },
    DEADLINE_MS,
  );

  test(
    'takes a chart of somebody else by name, version and values',
    async () => {
      const extra =
        "new helm.v3.Release('operator', { name: 'operator', namespace: 'shop', chart: 'operator', version: '1.2.3', repositoryOpts: { repo: 'https://charts.example' }, values: { on: true } });";
      const { output } = await run(program({ extra }), 'preview', '--diff');
      expect(output).toMatch(/version\s*: "1.2.3"/);
      expect(output).toMatch(/on\s*: true/);
      expect(output).toContain('1 to create');
    },
    DEADLINE_MS,
  );
});
