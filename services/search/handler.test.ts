import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pageKeyOfSecret } from '@meridian/kit/pages/page-key.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { ServerCall } from '@meridian/kit/rpc/handlers.ts';
import {
  SearchProductsRequestSchema,
  SearchService,
  SuggestProductsRequestSchema,
} from './contract/gen/meridian/search/v1/search_pb.js';
import { askWhatIsAllowed } from '@meridian/kit/testing/ask-what-is-allowed.ts';
import { underContract } from '@meridian/kit/testing/under-contract.ts';
import { searchHandlers } from './handler.ts';
import type { SearchParts } from './handler.ts';
import { productOf } from './testing/products.ts';
import { openSearchWorld } from './testing/search-world.ts';
import type { SearchWorld } from './testing/search-world.ts';
import { WrittenChanges } from './written.ts';

const call = { peer: 'spiffe://meridian.local/gateway', context: undefined } as ServerCall;

let world: SearchWorld;
let handlers: ReturnType<typeof searchHandlers>;

beforeAll(async () => {
  world = await openSearchWorld('handler');
  handlers = handlersWith(new WrittenChanges(world.writer, world.search));
  await world.writer.apply(
    ['a', 'b', 'c'].map((productId) => ({ productId, product: productOf(productId, 1) })),
  );
  await world.search.refresh();
}, 180_000);

afterAll(() => world.close());

function handlersWith(written: SearchParts['written']): typeof handlers {
  const served = searchHandlers({
    search: world.search,
    written,
    tokens: new PageTokens(pageKeyOfSecret(() => 'secret')),
    keeper: {
      rebuild: () => Promise.reject(new Error('unused')),
      last: () => Promise.resolve(undefined),
    },
  });
  return underContract(SearchService, served);
}

const search = (request: MessageInitShape<typeof SearchProductsRequestSchema>) =>
  handlers.searchProducts(create(SearchProductsRequestSchema, request), call);

test('a walk goes on by its token, for the same search alone', async () => {
  const first = await search({ query: 'product', pageSize: 2 });
  const pageToken = first.nextPageToken ?? '';
  const second = await search({ query: 'product', pageSize: 2, pageToken });
  expect([...(first.hits ?? []), ...(second.hits ?? [])].map(({ productId }) => productId)).toEqual(
    ['a', 'b', 'c'],
  );
  expect(second.nextPageToken).toBe('');
  await expect(search({ query: 'another', pageToken })).rejects.toMatchObject({
    status: 'INVALID_ARGUMENT',
  });
});

test('a walk whose index has gone is told to begin again, and a new one begins', async () => {
  const { nextPageToken } = await search({ query: 'product', pageSize: 1 });
  await world.admin.create('b2');
  await world.admin.switchTo('b2');
  await world.admin.remove(world.admin.nameOf('b1'));
  const stale = search({ query: 'product', pageSize: 1, pageToken: nextPageToken ?? '' });
  await expect(stale).rejects.toMatchObject({
    status: 'INVALID_ARGUMENT',
    message: expect.stringContaining('begin again'),
  });
  expect(await search({ query: 'product' })).toMatchObject({ hits: [], totalCount: 0n });
}, 30_000);

test('a change that somebody has seen is waited for, and its absence is told', async () => {
  const late = search({ query: 'product new', written: 'new@2' });
  await world.writer.apply([{ productId: 'new', product: productOf('new', 2) }]);
  expect(await late).toMatchObject({ writtenMissing: false, hits: [{ productId: 'new' }] });
  expect(await search({ query: 'product new', written: 'new@3' })).toMatchObject({
    writtenMissing: true,
    hits: [{ productId: 'new' }],
  });
}, 30_000);

test('a request that breaks the contract is told all that is wrong with it', async () => {
  const request = {
    query: '',
    pageSize: 101,
    brands: [''],
    currencyCode: 'euro',
    priceMin: -1n,
    written: 'x',
  };
  await expect(search(request)).rejects.toMatchObject({
    status: 'INVALID_ARGUMENT',
    message: expect.stringMatching(
      /^query must have 1 to 200 .*page_size .*brands\[0\] .*and 3 more/,
    ),
  });
});

test('whatever the contract allows is answered', async () => {
  // Nobody waits here for changes that nobody makes.
  const asked = handlersWith({ wait: () => Promise.resolve(false) });
  const known = { pageToken: '' };
  await askWhatIsAllowed(SearchService, asked, { numRuns: 20, known, call: () => call });
}, 30_000);

test('a query without words finds nothing, and a price is one of any currency', async () => {
  for (const query of [' - ', '\u0000', '\u200b', "'"]) {
    expect(await search({ query })).toMatchObject({ hits: [], totalCount: 0n, nextPageToken: '' });
    const prefix = create(SuggestProductsRequestSchema, { prefix: query });
    expect(await handlers.suggestProducts(prefix, call)).toEqual({ suggestions: [] });
  }
  await world.writer.apply([
    { productId: 'yen', product: productOf('yen', 1, { currencyCode: 'JPY', minorUnits: 5n }) },
  ]);
  const cheap = await search({ query: 'product', priceMax: 5n, written: 'yen@1' });
  expect(cheap.hits?.map(({ productId }) => productId)).toEqual(['yen']);
}, 30_000);
