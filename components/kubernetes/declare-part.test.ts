import path from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { ComponentResource } from '@pulumi/pulumi';
import type { CustomResourceOptions } from '@pulumi/pulumi';
import { record } from '../testing/recording-mocks.ts';
import { declarePart } from './declare-part.ts';
import type * as k8s from './k8s.ts';
import type { KubernetesPart } from './manifest.ts';

const settings = (name: string): k8s.ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'data' },
});

const RBAC = { apiVersion: 'rbac.authorization.k8s.io/v1' } as const;
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' };
const metadata = { name: 'reader', namespace: 'data' };

const foreign = {
  namespace: 'operators',
  chart: 'operator',
  repository: 'https://charts.example',
  version: '1.2.3',
  values: {},
};
const archive = { file: 'stacks/charts/operator-1.2.3.tgz', digest: `sha256:${'0'.repeat(64)}` };

const part: KubernetesPart = {
  steps: [
    {
      charts: [
        { ...foreign, name: 'open' },
        { ...foreign, name: 'kept', archive },
      ],
    },
    { manifests: [settings('first')] },
    { charts: [] },
    {
      manifests: [
        { ...RBAC, kind: 'RoleBinding', metadata, roleRef },
        { ...RBAC, kind: 'Role', metadata, rules: [] },
        { ...RBAC, kind: 'ClusterRole', metadata: { name: 'reader' } },
      ],
    },
    {
      manifests: [settings('second'), settings('third')],
      protect: true,
      replaceOnChanges: ['spec.first'],
    },
  ],
};

/** Declares the part, and says of each resource whether Pulumi protects it, and what has it replaced. */
async function declare() {
  const protectedNames: string[] = [];
  const replaced: (readonly [name: string, property: string, before: boolean])[] = [];
  const recording = await record(() => {
    const parent = new ComponentResource(
      'sample:index:Noun',
      'noun',
      {},
      {
        // Mocks run these; `transforms` are the engine's to run.
        transformations: [
          ({ name, opts }) => {
            if (opts.protect === true) protectedNames.push(name);
            for (const property of opts.replaceOnChanges ?? []) {
              replaced.push([
                name,
                property,
                (opts as CustomResourceOptions).deleteBeforeReplace === true,
              ]);
            }
            return undefined;
          },
        ],
      },
    );
    declarePart(part, { parent, dependsOn: [] });
  });
  return { recording, protectedNames, replaced };
}

describe('declarePart', () => {
  test('begins a step when the last before it that has something is ready', async () => {
    const { recording } = await declare();
    const [first, second, third] = ['first', 'second', 'third'].map(
      (name) => `configmap-data-${name}`,
    ) as [string, string, string];
    expect(recording.waits(second, first)).toBe(true);
    expect(recording.waits(third, first)).toBe(true);
    expect(recording.waits(third, second)).toBe(false);
  });

  test('binds a role when it is there', async () => {
    const { recording } = await declare();
    for (const role of ['role-data-reader', 'clusterrole-reader']) {
      expect(recording.waits('rolebinding-data-reader', role)).toBe(true);
      expect(recording.waits(role, 'configmap-data-first')).toBe(true);
    }
  });

  test('protects the steps that hold data, and no other', async () => {
    const { protectedNames } = await declare();
    expect(protectedNames.toSorted()).toEqual(['configmap-data-second', 'configmap-data-third']);
  });

  test('replaces, the old one first, what is read once, and nothing else', async () => {
    const { replaced } = await declare();
    expect(replaced.toSorted()).toEqual([
      ['configmap-data-second', 'spec.first', true],
      ['configmap-data-third', 'spec.first', true],
    ]);
  });

  test('installs a chart of others from its archive, where one is kept', async () => {
    const { recording } = await declare();
    const sources = ['open', 'kept'].map((name) => {
      const { chart, repositoryOpts } = recording.resource(`release-${name}`).inputs;
      return { chart, repositoryOpts };
    });
    expect(sources).toEqual([
      { chart: 'operator', repositoryOpts: { repo: 'https://charts.example' } },
      { chart: './stacks/charts/operator-1.2.3.tgz', repositoryOpts: undefined },
    ]);
  });

  test('names an archive as it is seen from where Pulumi runs the program', async () => {
    const infra = path.join(process.cwd(), 'infra');
    const folder = jest.spyOn(process, 'cwd').mockReturnValue(infra);
    const { recording } = await declare().finally(() => folder.mockRestore());
    const { chart } = recording.resource('release-kept').inputs;
    expect(path.join(infra, String(chart))).toBe(path.resolve(archive.file));
  });
});
