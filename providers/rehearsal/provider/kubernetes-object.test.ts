import { describe, expect, test } from '@jest/globals';
import { kubernetesObject } from './kubernetes-object.ts';
import { asSecret, isSecret } from './property-values.ts';

const service = (spec: object, metadata: object = { name: 'shop', namespace: 'n' }) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata,
  spec,
});

describe('an object of a cluster', () => {
  test('has the identity that the real provider gives', () => {
    expect(kubernetesObject.id(service({}))).toBe('n/shop');
    expect(kubernetesObject.id(service({}, { name: 'shop' }))).toBe('shop');
  });

  test('tells which of its properties are wrong', () => {
    const { problems } = kubernetesObject.check(service({ prots: [], type: 'Odd' }));
    expect(problems.toSorted()).toEqual([
      expect.stringContaining('spec.prots: is not a property here'),
      expect.stringContaining('spec.type: must be one of '),
    ]);
  });

  test('must have a name, for none is invented', () => {
    expect(kubernetesObject.check(service({}, { generateName: 'shop-' })).problems).toEqual([
      'metadata.name: must be set: a rehearsal invents no names (no generateName, no auto-naming)',
    ]);
  });

  test('tells nothing of the value of a secret, but what is wrong beside it', () => {
    const { problems } = kubernetesObject.check(
      service({ type: asSecret('marker'), prots: asSecret('marker') }),
    );
    expect(problems.join(' ')).not.toContain('marker');
    expect(problems.toSorted()).toEqual([
      expect.stringContaining('spec.prots: is not a property here'),
      'spec.type: is wrong; its value is secret and not shown',
    ]);
  });

  const secret = (fields: object) => ({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } },
    ...fields,
  });

  test('marks what is in a Secret, whoever declares it, and keeps it as the API server does', () => {
    const given = secret({ stringData: { a: 'b' }, data: { a: 'eA==', c: 'ZA==' } });
    const { inputs, problems } = kubernetesObject.check(given);
    expect(problems).toEqual([]);
    expect(inputs['stringData']).toBeUndefined();
    expect(isSecret(inputs['data'])).toBe(true);
    expect(inputs['data']).toMatchObject({ value: { a: 'Yg==', c: 'ZA==' } });
  });

  test('tells which keys of a Secret differ', () => {
    const inputs = (stringData: object) => kubernetesObject.check(secret({ stringData })).inputs;
    const changes = kubernetesObject.changes(
      { inputs: inputs({ uri: '1', user: 'u' }), outputs: {} },
      inputs({ uri: '2', user: 'u' }),
    );
    expect(changes).toEqual([
      { path: ['data', 'uri'], kind: 'update', replaces: true, ofInputs: true },
    ]);
  });

  test.each([
    ['networking.k8s.io/v1', 'NetworkPolicy', ['spec.egress.0.to add']],
    ['kafka.strimzi.io/v1', 'KafkaUser', ['spec.egress.0.to.0 add']],
  ])('of %s is compared as it is kept: %s', (apiVersion, kind, expected) => {
    const policy = (to: readonly object[]) => {
      const object = { apiVersion, kind, metadata: { name: 'p' }, spec: { egress: [{ to }] } };
      return kubernetesObject.check(object).inputs;
    };
    const changes = kubernetesObject.changes(
      { inputs: policy([]), outputs: {} },
      policy([{ ipBlock: { cidr: '10.0.0.0/8' } }]),
    );
    expect(changes.map(({ path, kind: how }) => `${path.join('.')} ${how}`)).toEqual(expected);
  });

  test('is kept without empty maps and flags that are off by being absent, and with what says something', () => {
    const kept = (kind: string, apiVersion: string, more: object) => {
      const { inputs } = kubernetesObject.check({
        apiVersion,
        kind,
        metadata: { name: 'k' },
        ...more,
      });
      return Object.fromEntries(Object.keys(more).map((key) => [key, inputs[key]]));
    };
    const policy = { spec: { podSelector: { matchLabels: {} }, policyTypes: ['Ingress'] } };
    expect(kept('NetworkPolicy', 'networking.k8s.io/v1', policy)).toEqual({
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    });
    const priority = { value: 1, globalDefault: false };
    expect(kept('PriorityClass', 'scheduling.k8s.io/v1', priority)).toEqual({ value: 1 });
    const spec = {
      automountServiceAccountToken: false,
      containers: [{ name: 'c', securityContext: { allowPrivilegeEscalation: false } }],
      volumes: [{ name: 'v', emptyDir: {} }],
    };
    expect(kept('Pod', 'v1', { spec: { ...spec, hostNetwork: false } })).toEqual({ spec });
    // Nobody decodes what is of another's kind.
    expect(kept('KafkaUser', 'kafka.strimzi.io/v1', policy)).toEqual(policy);
  });

  test('is replaced only for what a cluster cannot change', () => {
    const job = (spec: object) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'j' },
      spec,
    });
    const before = { inputs: job({ template: { a: [1, 2] }, ttl: 1 }), outputs: {} };
    const changes = kubernetesObject.changes(before, job({ template: { a: [1, 3] }, ttl: 2 }));
    expect(changes.map(({ path, kind, replaces }) => [path.join('.'), kind, replaces])).toEqual([
      ['spec.template.a.1', 'update', true],
      ['spec.ttl', 'update', false],
    ]);
  });
});
