import { create } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { expect, test } from '@jest/globals';
import { BatchGetProductsResponseSchema } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { messageOf } from '@meridian/language/thrown.ts';
import { CreateOrderRequestSchema } from './contract/gen/meridian/orders/v1/orders_pb.js';
import { priceOrder } from './price-order.ts';

const id = (digit: number): string => `00000000-0000-4000-8000-00000000000${digit}`;
const [EURO, GONE, DOLLAR, UNKNOWN, OTHER_EURO] = [1, 2, 3, 4, 5].map(id) as [
  ...[string, string, string, string, string],
];

/** Two products in EUR, one in USD, and one that is sold no more. */
const catalog = {
  batchGetProducts: () => {
    const price = { currencyCode: 'EUR', minorUnits: 500n };
    const products = [
      { productId: EURO, price },
      { productId: OTHER_EURO, price },
      { productId: GONE, price, discontinueTime: timestampNow() },
      { productId: DOLLAR, price: { ...price, currencyCode: 'USD' } },
    ];
    return Promise.resolve(create(BatchGetProductsResponseSchema, { products }));
  },
};

/** What is said against an order of one of each product; the total if nothing is. */
function said(...productIds: readonly string[]): Promise<unknown> {
  const items = productIds.map((productId) => ({ productId, quantity: 1 }));
  return priceOrder(create(CreateOrderRequestSchema, { items }), catalog).then(
    ({ totalMinorUnits }) => totalMinorUnits,
    (error: unknown) => messageOf(error).replace(/^[^:]*: /, ''),
  );
}

test.each([
  ['what can be sold', [EURO, OTHER_EURO], 1_000n],
  ['an unknown product', [EURO, UNKNOWN], 'items[1].product_id must be a product that there is'],
  [
    'an unknown product that comes first',
    [UNKNOWN, EURO, OTHER_EURO],
    'items[0].product_id must be a product that there is',
  ],
  [
    'one that is sold no more',
    [GONE, EURO],
    'items[0].product_id must be sold still, got a discontinued product',
  ],
  [
    'another currency',
    [EURO, DOLLAR],
    "items[1].product_id must be priced in the currency of the first, got 'USD'",
  ],
])('of %s nothing is said against the other items', async (_, productIds, expected) => {
  expect(await said(...productIds)).toBe(expected);
});
