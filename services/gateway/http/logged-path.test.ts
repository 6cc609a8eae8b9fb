import { expect, test } from '@jest/globals';
import { loggedPath } from './logged-path.ts';

const ID = '3330f1b9-40a1-4308-b11a-ff5388de3302';

test.each<[string, string | undefined, boolean]>([
  ['/v1/products', '/v1/products', true],
  ['/.well-known/jwks.json', '/.well-known/jwks.json', true],
  [`/v1/orders/${ID}`, '/v1/orders/{order_id}', true],
  [`/v1/orders/${ID}:cancel`, '/v1/orders/{order_id}:cancel', true],
  ['/v1/orders/ann@example.com', '/v1/orders/{order_id}', false],
  [`/v1/orders/${ID}.ann`, '/v1/orders/{order_id}', false],
  ['/v1/ann', undefined, false],
])('%s of the route %s is logged: %p', (path, route, isLogged) => {
  expect(loggedPath(path, route)).toBe(isLogged ? path : undefined);
});
