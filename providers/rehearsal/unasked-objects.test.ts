import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RehearsedProject } from './testing/rehearsed-project.ts';
import { problemsOfUnasked } from './unasked-objects.ts';
import type { ShownResource } from './unasked-objects.ts';

const DEADLINE_MS = 60_000;

/** What `pulumi preview --json` prints. */
interface Preview {
  readonly steps: readonly {
    readonly urn: string;
    readonly newState: Pick<ShownResource, 'type' | 'inputs'>;
  }[];
}

const PROGRAM = `
import { CustomResource, ProviderResource, secret } from '@pulumi/pulumi';
const cluster = new CustomResource('aws:eks/cluster:Cluster', 'cluster', {
  roleArn: 'r', vpcConfig: { subnetIds: ['s'] }, arn: undefined, endpoint: undefined,
});
const provider = new ProviderResource('kubernetes', 'inside', { kubeconfig: cluster.endpoint });
const object = (kind, name, fields, options) =>
  new CustomResource(\`kubernetes:core/v1:\${kind}\`, name, { apiVersion: 'v1', kind, metadata: { name, namespace: 'shop' }, ...fields }, options);
object('ConfigMap', 'inside', { data: { size: 1 } }, { provider });
object('ConfigMap', 'unknown', { data: { size: cluster.arn } }, { provider });
object('Secret', 'secret', { data: { key: secret('bm90aGluZw==') } }, { provider });
object('ConfigMap', 'outside', { data: { size: 2 } });
`;

/** The real engine, before the first deployment. */
describe('objects of a cluster that is not there yet', () => {
  let project: RehearsedProject;
  const asked = new Set<string>();
  const told: string[] = [];

  beforeAll(async () => {
    project = await RehearsedProject.create({
      outputs: 'unknown',
      onAsked: (urn) => asked.add(urn),
      onProblem: ({ message }) => told.push(message),
    });
  }, DEADLINE_MS);

  afterAll(() => {
    project.remove();
  });

  test(
    'are held against their schemas, though the engine asks nobody of them',
    async () => {
      project.write('index.ts', PROGRAM);
      const { steps } = JSON.parse(await project.succeed('preview', '--json')) as Preview;
      expect([...asked].map((urn) => urn.split('::').at(-1)).toSorted()).toEqual([
        'cluster',
        'outside',
      ]);
      expect(told).toEqual(['data.size: must be string, got 2']);
      const shown = steps.map(({ urn, newState }) => ({ ...newState, urn }));
      expect(problemsOfUnasked(shown, asked)).toEqual([
        {
          urn: 'urn:pulumi:test::sample::kubernetes:core/v1:ConfigMap::inside',
          message: 'data.size: must be string, got 1',
        },
      ]);
    },
    DEADLINE_MS,
  );
});
