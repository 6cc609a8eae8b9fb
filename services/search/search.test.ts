import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generatedCatalogue } from '../../tests/search/generated-catalogue.ts';
import type { SearchCriteria } from './search-query.ts';
import type { FoundPage, WalkPlace } from './product-search.ts';
import { productOf, stockOf } from './testing/products.ts';
import type { ProductGiven } from './testing/products.ts';
import { openSearchWorld } from './testing/search-world.ts';
import type { SearchWorld } from './testing/search-world.ts';

let world: SearchWorld;

beforeAll(async () => {
  world = await openSearchWorld('find');
  const catalogue = generatedCatalogue(1_000);
  for (let start = 0; start < catalogue.length; start += 250) {
    await world.writer.apply(catalogue.slice(start, start + 250));
  }
  await add('script', { name: '<script>alert("teapot")</script> teapot' });
  await add('deep', {
    name: 'Quiet thing',
    description: `${'Nothing to see. '.repeat(50)}A Weißwurst-Äquator & more. ${'Nothing. '.repeat(50)}`,
  });
  await world.search.refresh();
}, 180_000);

afterAll(() => world.close());

async function add(id: string, given: ProductGiven, onHand = 1): Promise<void> {
  await world.writer.apply([
    { productId: id, product: productOf(id, 1, given), stock: stockOf(id, 1, onHand) },
  ]);
}

async function find(
  query: string,
  criteria: Partial<SearchCriteria> = {},
  place?: WalkPlace,
  pageSize = 20,
): Promise<FoundPage> {
  const none = { categories: [], brands: [], inStockOnly: false, currency: '' };
  const prices = { priceMin: undefined, priceMax: undefined };
  return world.search.find({ query, ...none, ...prices, ...criteria }, pageSize, place);
}

async function names(query: string): Promise<readonly string[]> {
  return (await find(query)).hits.map(({ name = '' }) => name);
}

describe('a search', () => {
  test.each([
    ['as it is written', 'Kettle', /Kettle/],
    ['with a wrong letter', 'ketlle', /Kettle/],
    ['with two wrong letters in a long word', 'headfones', /Headphones/],
    ['without accents', 'slownik', /Słownik/],
    ['with accents', 'Bräter', /Bräter/],
    ['without the dots of Ё', 'Елка свитер', /Свитер/],
    ['in another alphabet, with a wrong letter', 'самовра', /Самовар/],
    ['that is not finished', 'Wasserk', /Wasserkocher/],
    ['without spaces between words', '急須', /急須/],
    ['without the vowels that are not written', 'مقص', /مقصّ/],
    ['in half-width letters', 'ｲﾔﾎﾝ', /イヤホン/],
  ])('finds a word %s', async (_how, query, expected) => {
    const found = await names(query);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatch(expected);
  });

  test('finds two words in any order, and a brand with a thing', async () => {
    expect((await names('kettle classic'))[0]).toMatch(/Classic Kettle/);
    const { hits } = await find('northwind honey');
    expect(hits[0]).toMatchObject({ brand: 'Northwind', name: expect.stringMatching(/Honey/) });
  });

  test('escapes what a product is called, and shows where the words are', async () => {
    const { hits } = await find('script alert');
    expect(hits[0]?.highlight).toBe(
      '&lt;<em>script</em>&gt;<em>alert</em>(&quot;teapot&quot;)&lt;/<em>script</em>&gt; teapot',
    );
    const [deep] = (await find('weisswurst aquator')).hits;
    expect(deep?.highlight).toContain('A <em>Weißwurst</em>-<em>Äquator</em>');
  });

  test('takes no language of queries: operators are words, and whatever is given gets an answer', async () => {
    for (const query of [
      'kettle OR *',
      '"kettle',
      'name:kettle',
      '*',
      '\\',
      '(',
      'a'.repeat(200),
      '😀',
      '{"x":1}',
    ]) {
      expect((await find(query)).incomplete).toBe(false);
    }
    expect(await names('*')).toEqual([]);
  });
});

describe('facets', () => {
  const counts = ({ facets }: FoundPage, name: string): Record<string, number> => {
    const values = facets.find(({ property }) => property === name)?.values ?? [];
    return Object.fromEntries(values.map(({ value = '', count = 0n }) => [value, Number(count)]));
  };

  test('count what all filters but their own leave', async () => {
    const all = await find('kettle');
    const narrowed = await find('kettle', { brands: ['Northwind'], inStockOnly: true });
    expect(narrowed.hits.length).toBeGreaterThan(0);
    for (const hit of narrowed.hits)
      expect(hit).toMatchObject({ brand: 'Northwind', inStock: true });
    const inStock = await find('kettle', { inStockOnly: true });
    expect(counts(narrowed, 'brand')).toEqual(counts(inStock, 'brand'));
    expect(counts(narrowed, 'in_stock')).toEqual(
      counts(await find('kettle', { brands: ['Northwind'] }), 'in_stock'),
    );
    expect(Number(narrowed.totalCount)).toBe(counts(narrowed, 'brand')['Northwind']);
    expect(counts(all, 'category')['kitchen']).toBeGreaterThan(0);
  });

  test('have ranges of prices in one currency, whatever prices are asked for', async () => {
    const priced = await find('kettle', { currency: 'EUR', priceMin: 1_000n, priceMax: 4_999n });
    for (const { price } of priced.hits) {
      expect(price?.currencyCode).toBe('EUR');
      expect(Number(price?.minorUnits)).toBeGreaterThanOrEqual(1_000);
      expect(Number(price?.minorUnits)).toBeLessThanOrEqual(4_999);
    }
    const every = await find('kettle', { currency: 'EUR' });
    expect(priced.priceRanges).toEqual(every.priceRanges);
    const sum = every.priceRanges.reduce((total, { count = 0n }) => total + count, 0n);
    expect(sum).toBe(every.totalCount);
  });
});

describe('pages', () => {
  test('of a walk show each product once, whatever is written meanwhile', async () => {
    const whole = await find('honey', {}, undefined, 100);
    const ids = whole.hits.map(({ productId = '' }) => productId);
    const walked: string[] = [];
    let place: WalkPlace | undefined;
    do {
      const page = await find('honey', {}, place, 7);
      walked.push(...page.hits.map(({ productId = '' }) => productId));
      expect(page.totalCount).toBe(whole.totalCount);
      place = page.next;
      const [gone = '', changed = ''] = ids.slice(-2);
      await world.writer.apply([
        { productId: gone, product: productOf(gone, 2 + walked.length, { discontinued: true }) },
        { productId: changed, product: productOf(changed, 2 + walked.length, { name: 'Other' }) },
        {
          productId: `new${walked.length}`,
          product: productOf(`new${walked.length}`, 1, { name: 'Honey Honey' }),
        },
      ]);
      await world.search.refresh();
    } while (place !== undefined);
    expect(walked).toEqual(ids);
    const later = await find('honey', {}, undefined, 100);
    const after = later.hits.map(({ productId }) => productId);
    expect(after).toContain('new7');
    expect(after).not.toContain(ids.at(-1));
    expect(after).not.toContain(ids.at(-2));
  });
});

describe('suggestions', () => {
  test.each([
    ['ukul', /Ukulele/],
    ['ukelel', /Ukulele/],
    ['kett', /Kettle/],
    ['zol', /Żółty/],
    ['じょう', /じょうろ/],
    ['急', /急須/],
  ])('for %s are names with a word that begins so', async (prefix, expected) => {
    const found = await world.search.suggest(prefix, 5);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found).size).toBe(found.length);
    expect(found[0]).toMatch(expected);
  });

  test.each(['\n', '\x1e', '\x1f', '\x7f'])(
    'are found although %j stands before the word',
    async (control) => {
      const found = await world.search.suggest(`${control}ukul`, 5);
      expect(found[0]).toMatch(/Ukulele/);
    },
  );
});
