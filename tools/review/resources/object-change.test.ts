import { describe, expect, test } from '@jest/globals';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { objectChanges } from './object-change.ts';

const URN = 'urn:pulumi:staging::meridian::meridian:postgres:';

function step(op: string, kind: string, name: string, parent = 'Postgres'): StepMetadata {
  const type = `kubernetes:core/v1:${kind}`;
  const urn = `${URN}${parent}$${type}::${kind.toLowerCase()}-${name}`;
  const inputs = {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: 'meridian' },
    data: { a: op },
  };
  const state = { urn, inputs, provider: 'urn:a::pulumi:providers:kubernetes::default::id' };
  return {
    op,
    urn,
    type,
    old: op === 'create' ? null : state,
    new: op === 'delete' ? null : state,
  };
}

describe('what becomes of an object', () => {
  test('is one change where another content gives it another name', () => {
    const [only, ...more] = objectChanges([
      step('delete', 'ConfigMap', 'loki-63518d8dfa24'),
      step('create', 'ConfigMap', 'loki-0123456789ab'),
    ]);
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      operation: 'update',
      title: 'ConfigMap meridian/loki',
      properties: [{ property: 'data.a', before: 'delete', after: 'create' }],
    });
  });

  test('is two changes where two come in its place, or where its name is nobody’s digest', () => {
    const operations = (...steps: readonly StepMetadata[]) =>
      objectChanges(steps).map(({ operation }) => operation);
    expect(
      operations(
        step('delete', 'ConfigMap', 'loki-63518d8dfa24'),
        step('create', 'ConfigMap', 'loki-0123456789ab'),
        step('create', 'ConfigMap', 'loki-123456789abc'),
      ).toSorted(),
    ).toEqual(['create', 'create', 'delete']);
    expect(
      operations(
        step('delete', 'ConfigMap', 'loki-a'),
        step('create', 'ConfigMap', 'loki-b'),
      ).toSorted(),
    ).toEqual(['create', 'delete']);
  });

  test('is a replacement where the program has it under another URN without an alias', () => {
    const changes = objectChanges([
      step('delete', 'Secret', 'keys'),
      step('create', 'Secret', 'keys', 'Databases'),
    ]);
    expect(changes).toMatchObject([
      {
        operation: 'replace',
        isMoved: true,
        formerUrn: expect.stringContaining('Postgres$'),
        urn: expect.stringContaining('Databases$'),
      },
    ]);
  });

  test('is nothing where an alias says that it is the same', () => {
    const moved = step('same', 'Secret', 'keys', 'Databases');
    const old = { ...moved.old, urn: step('same', 'Secret', 'keys').urn };
    expect(objectChanges([{ ...moved, old }])).toMatchObject([
      { operation: 'same', isMoved: false, properties: [], formerUrn: old.urn },
    ]);
  });

  test('is not told of parents of others', () => {
    const parent = {
      op: 'create',
      urn: `${URN}Postgres::postgres`,
      type: 'meridian:postgres:Postgres',
    };
    expect(objectChanges([parent])).toEqual([]);
  });
});
