import { readFileSync } from 'node:fs';
import { getOption, hasOption, type DescMethod, type DescService } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { expect, test } from '@jest/globals';
import { AuditService } from '@meridian/audit/contract/gen/meridian/audit/v1/audit_pb.js';
import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { IdentityService } from '@meridian/identity/contract/gen/meridian/identity/v1/identity_pb.js';
import { http } from '@meridian/kit/contract/gen/google/api/annotations_pb.js';
import { OrdersService } from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import { PaymentsService } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import { SearchService } from '@meridian/search/contract/gen/meridian/search/v1/search_pb.js';

const contracts: readonly DescService[] = [
  AuditService,
  CatalogService,
  IdentityService,
  OrdersService,
  PaymentsService,
  SearchService,
];
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
  const golden: unknown = JSON.parse(
    readFileSync(new URL('./routes.golden.json', import.meta.url), 'utf8'),
  );
  expect(found).toEqual(golden);
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
