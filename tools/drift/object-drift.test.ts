import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from './declared-object.ts';
import type { ManagedFields } from './field-owners.ts';
import { applierOf } from './field-owners.ts';
import { fieldDrifts } from './object-drift.ts';

const AT = '2026-11-28T12:00:00Z';

const entry = (manager: string, fieldsV1: object, more: object = {}): ManagedFields =>
  ({ manager, operation: 'Update', time: AT, fieldsV1, ...more }) as ManagedFields;

/** A Service with a selector, as it is there or declared. */
const service = (
  spec: object,
  managedFields: readonly ManagedFields[] = [],
  kind = 'Service',
): ClusterObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'catalog', namespace: 'meridian', uid: '1', managedFields },
  spec,
  status: { seen: managedFields.length },
});

const declared = service({ selector: { app: 'catalog' } });
const colour = { selector: { app: 'catalog', 'rollouts-pod-template-hash': '6f5d' } };
const selector = { 'f:spec': { 'f:selector': {} } };

const drifts = (found: ClusterObject, wanted = declared) => fieldDrifts(wanted, found, declared);

describe('fieldDrifts', () => {
  test('looks at no account of the API server and at no status', () => {
    const found = service({ selector: { app: 'catalog' } }, [entry('a', selector)]);
    expect(drifts(found)).toEqual([]);
  });

  test('leaves to Argo Rollouts what it writes, and to nobody else', () => {
    expect(drifts(service(colour, [entry('rollouts-controller', selector)]))).toEqual([]);
    expect(drifts(service(colour, [entry('kubectl-edit', selector)]))).toEqual([
      {
        field: 'spec.selector.rollouts-pod-template-hash',
        found: '6f5d',
        by: { manager: 'kubectl-edit', at: AT },
      },
    ]);
  });

  test('leaves to Argo Rollouts no other field of a selector', () => {
    const found = service({ selector: { app: 'other' } }, [entry('rollouts-controller', selector)]);
    expect(drifts(found)).toMatchObject([{ field: 'spec.selector.app', found: 'other' }]);
  });

  test('names nobody for what was removed', () => {
    const found = service({ selector: {} }, [
      entry('pulumi-kubernetes-0123abcd', selector, { operation: 'Apply' }),
      entry('kubelet', { 'f:status': {} }, { subresource: 'status' }),
    ]);
    expect(drifts(found)).toEqual([{ field: 'spec.selector.app', declared: 'catalog' }]);
  });

  test('says of a Secret which fields differ, and nothing of what is in them', () => {
    const wanted = service({ password: 'declared-marker' }, [], 'Secret');
    const found = service({ password: 'found-marker' }, [], 'Secret');
    expect(fieldDrifts(wanted, found, wanted)).toEqual([{ field: 'spec.password' }]);
  });

  test('finds what people add where a dry run keeps it, once and at its top', () => {
    const port = { 'k:{"name":"extra"}': { '.': {}, 'f:name': {}, 'f:port': {} } };
    const found = service({ selector: { app: 'catalog' }, ports: [{ name: 'extra', port: 1 }] }, [
      entry('kubectl-edit', { 'f:spec': { 'f:ports': port } }),
    ]);
    expect(drifts(found, found)).toEqual([
      {
        field: 'spec.ports',
        found: [{ name: 'extra', port: 1 }],
        by: { manager: 'kubectl-edit', at: AT },
      },
    ]);
  });

  test('leaves alone what controllers add, and what people write as it is declared', () => {
    const found = service({ selector: { app: 'catalog' }, clusterIP: '10.0.0.7' }, [
      entry('some-controller', { 'f:spec': { 'f:clusterIP': {} } }),
      entry('kubectl-edit', selector),
    ]);
    expect(drifts(found, found)).toEqual([]);
  });

  test('compares of a namespace its labels alone', () => {
    const namespace = (labels: object, annotations: object): ClusterObject => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'meridian', labels, annotations },
    });
    const wanted = namespace({ enforce: 'restricted' }, {});
    expect(fieldDrifts(wanted, namespace({ enforce: 'none' }, { cloud: '1' }), wanted)).toEqual([
      { field: 'metadata.labels.enforce', declared: 'restricted', found: 'none' },
    ]);
  });
});

describe('applierOf', () => {
  test('is who applied the object, so that what is applied no more differs', () => {
    expect(
      applierOf([
        entry('pulumi-kubernetes-0123abcd', {}, { operation: 'Apply', subresource: 'status' }),
        entry('kubectl', {}, { operation: 'Apply' }),
        entry('pulumi-kubernetes-4567cdef', {}, { operation: 'Apply' }),
      ]),
    ).toBe('pulumi-kubernetes-4567cdef');
  });

  test('is nobody else where the deployment has not applied it', () => {
    expect(applierOf([entry('helm', {})])).toBe('meridian-drift');
  });
});
