import { getOption, hasOption, type DescMethod } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { expect, test } from '@jest/globals';
import { canonicalJson } from '@meridian/components/model/serialise.ts';
import { compareText } from '@meridian/components/model/order.ts';
import { http } from '@meridian/kit/contract/gen/google/api/annotations_pb.js';
import { declaredServices } from '../../infra/platform-graph.ts';
import { goldenFile } from '../golden/golden-file.ts';

const contracts = declaredServices()
  .flatMap(({ contract }) => contract ?? [])
  .toSorted((one, other) => compareText(one.typeName, other.typeName));
const methods = contracts.flatMap((contract) => contract.methods);

function routeOf(method: DescMethod): string | null {
  if (!hasOption(method, http)) return null;
  const { case: verb, value } = getOption(method, http).pattern;
  return typeof value === 'string' ? `${verb.toUpperCase()} ${value}` : 'custom';
}

test('the methods, what repeating them does, and their routes are those agreed on', () => {
  const found = Object.fromEntries(
    methods.map((method) => [
      `${method.parent.typeName}/${method.name}`,
      { repeating: IdempotencyLevel[method.idempotency], route: routeOf(method) },
    ]),
  );
  const { given, golden } = goldenFile('contracts/routes.golden.json', canonicalJson(found));
  expect(given).toBe(golden);
});

test('no two methods have the same route', () => {
  const routes = methods.map(routeOf).filter((route) => route !== null);
  expect(new Set(routes).size).toBe(routes.length);
});

test('a GET changes nothing, and only methods that change something have other verbs', () => {
  for (const method of methods) {
    const route = routeOf(method);
    if (route === null) continue;
    const readsOnly = method.idempotency === IdempotencyLevel.NO_SIDE_EFFECTS;
    expect([method.name, route.startsWith('GET ')]).toEqual([method.name, readsOnly]);
  }
});

test('a variable of a route is a field of its request', () => {
  for (const method of methods) {
    const variables = (routeOf(method) ?? '').matchAll(/\{([a-z_]+)\}/g);
    for (const [, variable] of variables) {
      expect(method.input.fields.map(({ name }) => name)).toContain(variable);
    }
  }
});
