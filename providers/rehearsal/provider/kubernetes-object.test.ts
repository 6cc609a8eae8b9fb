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

  test('marks what is in a Secret, whoever declares it', () => {
    const given = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      stringData: { a: 'b' },
    };
    expect(isSecret(kubernetesObject.check(given).inputs['stringData'])).toBe(true);
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
