import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from './declared-object.ts';
import { undeclaredAmong } from './undeclared.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';

const object = (kind: string, metadata: object, more: object = {}): ClusterObject => ({
  apiVersion: RBAC,
  kind,
  metadata: { name: 'it', ...metadata },
  ...more,
});

const ours = {
  namespaces: ['data'],
  declared: [
    { object: object('Role', { namespace: 'data', name: 'declared' }), declaredBy: 'kafka' },
    {
      object: {
        apiVersion: 'kafka.strimzi.io/v1',
        kind: 'Kafka',
        metadata: { namespace: 'data', name: 'meridian' },
      },
      declaredBy: 'kafka',
    },
  ],
};

const names = (...found: readonly ClusterObject[]) =>
  undeclaredAmong(found, ours).map(({ object: { name } }) => name);

const ownedBy = (apiVersion: string, kind: string, name: string) => ({
  namespace: 'data',
  ownerReferences: [{ apiVersion, kind, name, controller: true }],
});

describe('undeclaredAmong', () => {
  test('names what nobody declared, and not what somebody did', () => {
    const [declared, beside] = ['declared', 'beside'].map((name) =>
      object('Role', { namespace: 'data', name }),
    ) as [ClusterObject, ClusterObject];
    expect(names(declared, beside)).toEqual(['beside']);
  });

  test('leaves to operators what they make for what is declared, and for nothing else', () => {
    const version = 'kafka.strimzi.io/v1';
    expect(names(object('Role', ownedBy(version, 'Kafka', 'meridian')))).toEqual([]);
    expect(names(object('Role', ownedBy(version, 'Kafka', 'other')))).toEqual(['it']);
    expect(names(object('Role', ownedBy('apps/v1', 'Deployment', 'declared')))).toEqual(['it']);
  });

  test.each<[string, object, readonly string[]]>([
    ['an account of ours', { kind: 'ServiceAccount', name: 'a', namespace: 'data' }, ['it']],
    ['all accounts of ours', { kind: 'Group', name: 'system:serviceaccounts:data' }, ['it']],
    ['an account as a user', { kind: 'User', name: 'system:serviceaccount:data:a' }, ['it']],
    ['an account of others', { kind: 'ServiceAccount', name: 'a', namespace: 'other' }, []],
    ['a person', { kind: 'User', name: 'somebody' }, []],
  ])('asks whom a binding of the whole cluster is for: %s', (_whom, subject, expected) => {
    expect(names(object('ClusterRoleBinding', {}, { subjects: [subject] }))).toEqual(expected);
  });

  test('knows the binding by which brokers read zones', () => {
    const subjects = [{ kind: 'ServiceAccount', name: 'meridian-kafka', namespace: 'data' }];
    const name = 'strimzi-data-meridian-kafka-init';
    expect(names(object('ClusterRoleBinding', { name }, { subjects }))).toEqual([]);
  });
});
