import { expect, test } from '@jest/globals';
import { placed } from './declared-object.ts';

const kinds = {
  isNamespaced: ({ kind }: { readonly kind: string }) => Promise.resolve(kind === 'Role'),
};
const RBAC = 'rbac.authorization.k8s.io/v1';

test.each<[what: string, kind: string, metadata: object, expected: string | undefined]>([
  ['names no namespace and lies in one', 'Role', {}, 'keda'],
  ['names its own', 'Role', { namespace: 'kube-system' }, 'kube-system'],
  ['is of the whole cluster', 'ClusterRole', {}, undefined],
])(
  'an object of a chart that %s is where Helm puts it',
  async (_what, kind, metadata, expected) => {
    const object = { apiVersion: RBAC, kind, metadata: { name: 'it', ...metadata } };
    const declared = { object, declaredBy: 'chart keda', defaultNamespace: 'keda' };
    expect((await placed(kinds, declared)).object.metadata.namespace).toBe(expected);
  },
);
