import { createHash } from 'node:crypto';
import { create, toBinary, toJson } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { ImportProductsRequestSchema } from '../contract/gen/meridian/catalog/v1/catalog_pb.js';
import { requestCheck } from '@meridian/kit/constraints/check-request.ts';
import { batchesOf } from './batches.ts';
import {
  generateProducts,
  PRODUCT_COUNT_DEFAULT,
  PRODUCT_COUNT_MAX,
  type GeneratedProduct,
} from './generator.ts';
import { Random } from './random.ts';

/** Throws for a request that the contract does not allow. */
const check = requestCheck(ImportProductsRequestSchema) ?? (() => undefined);

const catalogue = [...generateProducts(PRODUCT_COUNT_DEFAULT)];

function digestOf(products: readonly GeneratedProduct[]): string {
  const request = create(ImportProductsRequestSchema, { products: [...products] });
  return createHash('sha256')
    .update(JSON.stringify(toJson(ImportProductsRequestSchema, request)))
    .digest('hex');
}

function share(holds: (product: GeneratedProduct) => boolean): number {
  return catalogue.filter(holds).length / catalogue.length;
}

describe('the generated catalogue', () => {
  test('is the same bytes on every machine and in every run', () => {
    expect(digestOf(catalogue)).toBe(
      'd887d9f8e34c6d67d1362de687c3088beeaafa3b4700d77cb1d4093c8a61bfda',
    );
    expect(digestOf([...generateProducts(500)])).toBe(
      '7a5e1d05f43f9953e925862bc10ed11da846289b94565179519348995a80225e',
    );
  });

  test('begins the same however long it is', () => {
    expect([...generateProducts(500)]).toEqual(catalogue.slice(0, 500));
  });

  test('keeps every rule of the contract, and its batches fit into a gRPC message of 4 MiB', () => {
    for (const products of batchesOf(catalogue, 500)) {
      const request = create(ImportProductsRequestSchema, { products });
      expect(() => check(request)).not.toThrow();
      expect(toBinary(ImportProductsRequestSchema, request).length).toBeLessThan(2 * 1024 * 1024);
    }
    expect(new Set(catalogue.map(({ sku }) => sku)).size).toBe(catalogue.length);
  });

  test.each([
    ['Latin with diacritics', /[À-ſ]/u],
    ['Latin with stacked diacritics', /[Ạ-ỹ]/u],
    ['Greek', /\p{Script=Greek}{3}/u],
    ['Cyrillic', /\p{Script=Cyrillic}{3}/u],
    ['Han', /\p{Script=Han}/u],
    ['Kana', /\p{Script=Katakana}|\p{Script=Hiragana}/u],
    ['Hangul', /\p{Script=Hangul}/u],
    ['Arabic', /\p{Script=Arabic}{3}/u],
    ['Devanagari', /\p{Script=Devanagari}/u],
  ])('has names in %s', (_script, pattern) => {
    expect(share(({ name }) => pattern.test(name))).toBeGreaterThan(0.005);
  });

  test('has brands beyond the Basic Multilingual Plane and names over 40 characters', () => {
    expect(share(({ brand }) => /[\u{10000}-\u{10ffff}]/u.test(brand))).toBeGreaterThan(0.005);
    expect(share(({ name }) => name.length > 40)).toBeGreaterThan(0.0005);
  });

  test('has empty, short and long descriptions, some with emoji and quotes', () => {
    expect(share(({ description }) => description === '')).toBeGreaterThan(0.05);
    expect(share(({ description }) => description.length > 1000)).toBeGreaterThan(0.02);
    expect(Math.max(...catalogue.map(({ description }) => description.length))).toBeGreaterThan(
      4000,
    );
    expect(
      share(({ description }) => /\p{Extended_Pictographic}/u.test(description)),
    ).toBeGreaterThan(0.04);
    expect(share(({ description }) => description.includes('"'))).toBeGreaterThan(0.02);
  });

  test('has prices in eight currencies, over six orders of magnitude, a few of them zero', () => {
    expect(new Set(catalogue.map(({ price }) => price.currencyCode)).size).toBe(8);
    const cents = catalogue
      .filter(({ price }) => price.currencyCode === 'EUR')
      .map(({ price }) => Number(price.minorUnits));
    expect(cents.filter((amount) => amount === 0).length).toBeGreaterThan(5);
    expect(Math.min(...cents.filter((amount) => amount > 0))).toBeLessThan(100);
    expect(Math.max(...cents)).toBeGreaterThan(1_000_000);
    expect(cents.filter((amount) => amount % 100 === 99).length).toBeGreaterThan(cents.length / 3);
  });

  test('has products out of stock, scarce and plentiful', () => {
    expect(share(({ stock }) => stock === 0)).toBeGreaterThan(0.08);
    expect(share(({ stock }) => stock > 0 && stock < 10)).toBeGreaterThan(0.2);
    expect(share(({ stock }) => stock > 1000)).toBeGreaterThan(0.01);
  });

  test('has from none to dozens of attributes', () => {
    const counts = catalogue.map(({ attributes }) => Object.keys(attributes).length);
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(1000);
    expect(Math.max(...counts)).toBeGreaterThan(30);
  });

  test('has products in ten categories, unevenly', () => {
    const sizes = new Map<string, number>();
    for (const { category } of catalogue) sizes.set(category, (sizes.get(category) ?? 0) + 1);
    expect(sizes.size).toBe(10);
    expect(sizes.get('books')).toBeGreaterThan(3 * (sizes.get('sports') ?? 0));
  });

  test.each([0, -1, 1.5, NaN, PRODUCT_COUNT_MAX + 1])('cannot have %d products', (count) => {
    expect(() => generateProducts(count).next()).toThrow(/1 to 1000000/);
  });
});

describe('random numbers', () => {
  test('fall evenly into their range', () => {
    const random = new Random(1);
    const seen = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw += 1) {
      const value = random.integer(0, 9);
      seen[value] = (seen[value] ?? 0) + 1;
    }
    for (const count of seen) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  test('of neighbouring seeds are unlike', () => {
    const first = Array.from({ length: 1000 }, (_, seed) => new Random(seed).integer(0, 999_999));
    expect(new Set(first).size).toBeGreaterThan(990);
  });
});
