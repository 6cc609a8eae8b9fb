import { expect, test } from '@jest/globals';
import { checkManifest } from './check-manifest.ts';
import type { CheckedManifest } from './check-manifest.ts';
import { problemOf } from './problem.ts';
import { growShape, noShape, usedSchema } from './used-schema.ts';
import type { Definitions } from './used-schema.ts';
import { validatorOf } from './validators.ts';

const definitions: Definitions = (reference) => ({
  schema:
    reference === '#tree'
      ? { type: 'object', properties: { left: { $ref: '#tree' }, right: { $ref: '#tree' } } }
      : { type: 'string' },
  definitions,
});
const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    tree: { $ref: '#tree' },
    list: { type: 'array', items: { type: 'object', properties: { a: {}, b: {} } } },
    map: { type: 'object', additionalProperties: { type: 'object', properties: { c: {}, d: {} } } },
    either: { oneOf: [{ type: 'object', properties: { x: {} } }, { type: 'string' }] },
  },
};
const given = { schema, definitions };

test('a schema is left open where nothing uses it, with all of its names', () => {
  const shape = noShape();
  growShape(shape, { tree: { left: {} }, list: [{ a: 1 }], other: { unknown: 1 } }, given);
  expect(usedSchema(shape, given)).toEqual({
    ...schema,
    properties: {
      tree: {
        type: 'object',
        properties: {
          left: { type: 'object', properties: { left: true, right: true } },
          right: true,
        },
      },
      list: { type: 'array', items: { type: 'object', properties: { a: {}, b: true } } },
      map: true,
      either: true,
    },
  });
});

test('a shape grows by what the schema has names for, and by no key of a map', () => {
  const shape = noShape();
  const grows = (value: object) => growShape(shape, value, given);
  expect(grows({ map: { one: { c: 1 } }, either: { x: 1 } })).toBe(true);
  expect(grows({ map: { other: { c: 2 }, third: { c: 3 } }, unknown: { deep: 1 } })).toBe(false);
  expect(grows({ map: { one: { d: 1 } } })).toBe(true);
  expect(usedSchema(shape, given)).toMatchObject({
    properties: {
      map: { additionalProperties: { properties: { c: {}, d: {} } } },
      either: schema.properties.either,
    },
  });
});

/** Wrong in all ways that a schema knows, after one that is right and uses little. */
const WRONG: readonly CheckedManifest[] = [
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a', labels: { a: 1, b: 'b' }, unknown: 1 },
    spec: { ports: [{ port: 'x' }, { targetPort: {} }, 7], type: 3, selector: [] },
    extra: { deep: true },
  },
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'a', annotations: { a: {} } },
    spec: {
      replicas: 'three',
      strategy: { blueGreen: { activeService: 1, wrong: 2 }, canary: [] },
      template: {
        spec: { containers: [{ image: 1, ports: [{}], resources: { limits: { cpu: [] } } }] },
      },
    },
  },
  {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'Cluster',
    metadata: {},
    spec: { instances: 0, storage: { size: 5, wrong: 1 }, postgresql: { parameters: { a: 1 } } },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'a' },
    spec: {
      rules: [{ matches: [{ path: { type: 'Wrong', value: 1 } }], backendRefs: [{ port: -1 }] }],
    },
  },
];

test('finds of an object what the whole schema of its kind finds, in the same words and order', () => {
  for (const manifest of [...WRONG, ...WRONG.toReversed()]) {
    const whole = validatorOf(`${manifest.apiVersion}/${manifest.kind}`);
    const fits = whole?.(manifest);
    const all = (whole?.errors ?? [])
      .filter(({ schemaPath }) => !/\/(?:anyOf|oneOf)\/\d+\/|\/not\//.test(schemaPath))
      .map((error) => problemOf(error, { sayValues: true }));
    expect(checkManifest(manifest)).toEqual(all);
    expect(fits).toBe(all.length === 0);
  }
  expect(WRONG.slice(1).map((manifest) => checkManifest(manifest).length > 2)).not.toContain(false);
});
