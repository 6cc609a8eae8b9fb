import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { renderManifests } from '@meridian/components/kubernetes/render-stack.ts';
import { parse } from 'yaml';
import { stagingSettings } from '../../stacks/staging.ts';
import type { ClusterObject } from './rendered-chart.ts';
import { graph } from './lowered-staging.ts';
import { allObjects, charts, manifests, withDefaults } from './rendered-chart.ts';

/** A rule of a role, as roles and what they are held against have it. */
interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** What Pulumi asks for each object in its hands. */
const MANAGED = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

const { rules } = parse(readFileSync('docs/deployer-role.yaml', 'utf8')) as {
  readonly rules: readonly Rule[];
};

const withSettings = {
  graph,
  settings: stagingSettings({
    snapshotClass: 'csi-fast',
    externalSecrets: '{"store": "vault"}',
    postgresBackup:
      '{"uri": "https://s3.example", "region": "eu-1", "bucket": "copies", "networks": ["192.0.2.0/24"]}',
  }),
  version: '0.0.0',
  migrations: {},
};

const objects: readonly (ClusterObject & { readonly rules?: readonly Rule[] })[] = [
  ...[...charts.values()].map(withDefaults),
  ...manifests.values(),
  // What is only there by a setting.
  ...Object.entries(renderManifests(lowerKubernetes(withSettings)))
    .filter(([file]) => file.startsWith('postgres/') || file.includes('-externalsecret-'))
    .map(([, text]) => text),
].flatMap(allObjects);

const groupOf = ({ apiVersion }: ClusterObject): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';

/** The name of a kind in paths of the API. */
function resourceOf({ kind }: ClusterObject): string {
  const name = kind.toLowerCase();
  if (/(s|ch|x)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$|oxy$/.test(name) ? name.replace(/y$/, 'ies') : `${name}s`;
}

/** The verbs that the role does not give. */
const missing = (group: string, resource: string, verbs: readonly string[]): readonly string[] =>
  verbs
    .filter(
      (verb) =>
        !rules.some(
          (rule) =>
            rule.apiGroups.includes(group) &&
            rule.resources.includes(resource) &&
            rule.verbs.includes(verb) &&
            rule.resourceNames === undefined,
        ),
    )
    .map((verb) => `${verb} ${resource}.${group}`);

const isClusterRole = ({ kind }: ClusterObject): boolean => kind === 'ClusterRole';

describe('the role of who deploys', () => {
  test('may bind every role that is rendered, of those of the whole cluster no other', () => {
    const bindable = rules.filter(({ verbs }) => verbs.includes('bind'));
    expect(bindable.map(({ resources, resourceNames }) => [resources, resourceNames])).toEqual([
      [['roles'], undefined],
      [['clusterroles'], objects.filter(isClusterRole).map(({ metadata }) => metadata.name)],
    ]);
  });

  test('gives all that Pulumi does with every kind that is rendered', () => {
    const kinds = new Map(objects.map((object) => [`${groupOf(object)}/${object.kind}`, object]));
    expect(kinds.size).toBeGreaterThan(30);
    expect(
      [...kinds.values()].flatMap((object) =>
        missing(groupOf(object), resourceOf(object), MANAGED),
      ),
    ).toEqual([]);
  });

  test('holds what the roles that are rendered give, as nobody gives more than he holds', () => {
    const given = objects.flatMap((object) => object.rules ?? []);
    expect(given.length).toBeGreaterThan(10);
    const lacking = given.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => missing(group, resource, verbs)),
      ),
    );
    expect([...new Set(lacking)]).toEqual([]);
  });
});
