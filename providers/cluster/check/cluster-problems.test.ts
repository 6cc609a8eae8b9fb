import { describe, expect, test } from '@jest/globals';
import { problemsOfForeign, problemsOfInstalled } from './definition-problems.ts';
import { problemsOfDns } from './dns-problems.ts';
import { problemsOfClasses } from './storage-problems.ts';
import { problemsOfVersion } from './version-problems.ts';
import { problemsOfNodes } from './zone-problems.ts';
import type { CheckedNode } from './zone-problems.ts';

const file = 'Pulumi.staging.yaml';

describe('the version of a cluster', () => {
  const supported = { oldest: '1.35', newest: '1.36' };

  test.each(['v1.35.0', 'v1.36.3', 'v1.36.3-eks-1', 'v1.35.4+k3s1'])('may be %s', (version) => {
    expect(problemsOfVersion(version, supported)).toEqual([]);
  });

  test.each(['v1.34.9', 'v1.37.0', 'v1.4.0', 'v2.36.0', 'unknown'])('is not %s', (version) => {
    expect(problemsOfVersion(version, supported)).toEqual([
      `Kubernetes: must be 1.35 to 1.36, got ${version}; which parts support which is in docs/deploying.md`,
    ]);
  });
});

describe('the zones of a cluster', () => {
  const zones = ['a', 'b'].map((name) => ({ name, topologyZone: `zone-${name}` }));
  const node = (zone: string | undefined, spec: object = {}, ready = 'True'): CheckedNode => ({
    metadata: {
      name: 'node',
      labels: zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone },
    },
    spec,
    status: { conditions: [{ type: 'Ready', status: ready }] },
  });
  const problems = (...nodes: readonly CheckedNode[]) => problemsOfNodes(nodes, { zones, file });

  test('have a node each that takes pods', () => {
    const preferred = { taints: [{ effect: 'PreferNoSchedule' }] };
    expect(problems(node('zone-a'), node('zone-b', preferred))).toEqual([]);
  });

  test.each([
    ['is cordoned', node('zone-b', { unschedulable: true })],
    ['is kept for others', node('zone-b', { taints: [{ effect: 'NoSchedule' }] })],
    ['is not ready', node('zone-b', {}, 'Unknown')],
  ])('do not count a node that %s', (_what, other) => {
    expect(problems(node('zone-a'), other)).toEqual([
      "Zone 'b': a node of 'zone-b' must be ready and take pods, got none that does; see 'kubectl get nodes'",
    ]);
  });

  test('are named with those that there are, and with the setting', () => {
    expect(problems(node('zone-a'), node('eu-1c'))).toEqual([
      "Zone 'b': there must be a node of 'zone-b', got nodes in 'eu-1c', 'zone-a'; set meridian:topologyZones in Pulumi.staging.yaml, or add nodes",
    ]);
    expect(problems(node(undefined))).toHaveLength(2);
  });
});

describe('the default StorageClass', () => {
  const storage = (name: string, mode?: string, annotations = {}, creationTimestamp = '') => ({
    metadata: { name, annotations, creationTimestamp },
    ...(mode === undefined ? {} : { volumeBindingMode: mode }),
  });
  const isDefault = { 'storageclass.kubernetes.io/is-default-class': 'true' };

  test('makes volumes where their pod is', () => {
    expect(problemsOfClasses([storage('fit', 'WaitForFirstConsumer', isDefault)])).toEqual([]);
  });

  test.each([
    ['is missing', [], 'none at all'],
    ['was not chosen', [storage('fit', 'WaitForFirstConsumer')], "none of 'fit'"],
    ['makes them anywhere', [storage('any', undefined, isDefault)], 'got Immediate'],
  ])('is a problem where it %s', (_what, classes, got) => {
    expect(problemsOfClasses(classes)).toEqual([expect.stringContaining(got)]);
  });

  test('is the newest where there are several', () => {
    const classes = [
      storage('new', 'Immediate', isDefault, '2026-02-01T00:00:00Z'),
      storage('old', 'WaitForFirstConsumer', isDefault, '2026-01-01T00:00:00Z'),
    ];
    expect(problemsOfClasses(classes)).toEqual([expect.stringContaining("'new'")]);
  });
});

describe('DNS', () => {
  const place = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
  const pod = (containerPort: number) => ({
    metadata: { name: 'dns' },
    spec: { containers: [{ ports: [{ containerPort, protocol: 'UDP' }] }, {}] },
  });
  const problems = (...pods: readonly ReturnType<typeof pod>[]) =>
    problemsOfDns({ place, pods, ports: [53], file });

  test('is where the settings say it', () => {
    expect(problems(pod(53))).toEqual([]);
  });

  test('is a problem without a pod, and at another port', () => {
    expect(problems()).toEqual([expect.stringContaining('got none; set meridian:dns in')]);
    expect(problems(pod(5353))).toEqual([expect.stringContaining('a port of 53, got 5353')]);
  });
});

describe('definitions of operators', () => {
  const needed = {
    operator: 'keda',
    namespace: 'keda',
    release: '2.21.0',
    apiVersion: 'keda.sh/v1alpha1',
    kinds: ['ScaledObject', 'TriggerAuthentication'],
  };
  const definition = (version: string | undefined, annotations: Record<string, string> = {}) => ({
    metadata: {
      name: 'scaledobjects.keda.sh',
      labels: version === undefined ? {} : { 'app.kubernetes.io/version': version },
      annotations,
    },
  });
  const ofHelm = (name: string) => ({
    'meta.helm.sh/release-name': name,
    'meta.helm.sh/release-namespace': 'keda',
  });
  const none = { versions: [], kinds: [], definitions: [] };
  const served = { versions: ['v1alpha1'], kinds: [...needed.kinds], definitions: [] };

  test.each([
    ['none are there', none],
    ['they are of the same version', { ...served, definitions: [definition('2.21.4')] }],
    ['they do not say of which', { ...served, definitions: [definition(undefined)] }],
    [
      'they are our own, whichever',
      { ...served, definitions: [definition('2.20.0', ofHelm('keda'))] },
    ],
  ])('are fine to who installs them where %s', (_what, found) => {
    expect(problemsOfForeign(needed, found)).toEqual([]);
  });

  test.each([
    [
      'another version',
      { ...served, definitions: [definition('2.20.0')] },
      'be of 2.21, got 2.20.0',
    ],
    [
      'a version of the API that is not ours',
      { ...served, versions: ['v1'], definitions: [definition('2.21.0')] },
      'must serve v1alpha1 where there are any, got v1',
    ],
    [
      'somebody else who installed them',
      { ...served, definitions: [definition('2.21.0', ofHelm('theirs'))] },
      "got one of Helm's release 'theirs'",
    ],
  ])('are a problem to who installs them with %s', (_what, found, got) => {
    expect(problemsOfForeign(needed, found)).toEqual([expect.stringContaining(got)]);
  });

  test.each([
    ['none', none, 'must serve ScaledObject, TriggerAuthentication of keda.sh/v1alpha1, got none'],
    [
      'a kind less',
      { ...served, kinds: ['ScaledObject'] },
      'must serve TriggerAuthentication of keda.sh/v1alpha1, got v1alpha1',
    ],
    ['another version', { ...served, definitions: [definition('v2.20.0')] }, 'be of 2.21, got v2'],
  ])('are a problem to who counts on them with %s', (_what, found, got) => {
    expect(problemsOfInstalled(needed, found)).toEqual([expect.stringContaining(got)]);
  });

  test('that others install for a setting in any case name that setting', () => {
    const ofSetting = { ...needed, setting: 'externalSecrets' };
    expect(problemsOfInstalled(ofSetting, none)).toEqual([
      expect.stringMatching(/have 2\.21\.0 installed, or unset meridian:externalSecrets$/),
    ]);
  });

  test('are what is counted on', () => {
    const found = { ...served, definitions: [definition('v2.21.3')] };
    expect(problemsOfInstalled(needed, found)).toEqual([]);
  });
});
