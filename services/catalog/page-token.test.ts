import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodePageToken, encodePageToken } from './page-token.ts';
import { isProductId, productIdOf } from './product-id.ts';

const category = fc.stringMatching(/^[a-z0-9-]{0,20}$/);
const position = fc.record({ category, afterProductId: fc.uuid() });

describe('page tokens', () => {
  test('come back as the place they were made for', () => {
    fc.assert(
      fc.property(position, (given) => {
        expect(decodePageToken(encodePageToken(given), given.category)).toBe(given.afterProductId);
      }),
    );
  });

  test('are refused with another category', () => {
    fc.assert(
      fc.property(position, category, (given, other) => {
        fc.pre(other !== given.category);
        expect(decodePageToken(encodePageToken(given), other)).toBeUndefined();
      }),
    );
  });

  test('are refused when any one character is changed, added or removed', () => {
    const alphabet = fc.constantFrom(
      'A',
      'B',
      'x',
      'z',
      '0',
      '9',
      '-',
      '_',
      '=',
      '+',
      '/',
      ' ',
      'é',
    );
    fc.assert(
      fc.property(position, fc.nat(), alphabet, fc.nat(2), (given, at, character, removed) => {
        const token = encodePageToken(given);
        const index = at % token.length;
        const damaged = token.slice(0, index) + character + token.slice(index + removed);
        fc.pre(damaged !== token);
        expect(decodePageToken(damaged, given.category)).toBeUndefined();
      }),
    );
  });

  test('are refused, not thrown at, when they are any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodePageToken(text, '')).toBeUndefined();
      }),
    );
  });

  test('keep their form, since clients hold them across a deployment', () => {
    const afterProductId = '0f8fad5b-d9cb-469f-a165-70867728950e';
    expect(encodePageToken({ category: 'kitchen', afterProductId })).toBe(
      'AQ-PrVvZy0afoWVwhncolQ7aiNPsD2-b-g',
    );
  });
});

describe('product ids', () => {
  test('are UUIDs of version 5 that depend on nothing but the SKU', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (sku) => {
        const id = productIdOf(sku);
        expect(isProductId(id)).toBe(true);
        expect(id).toMatch(/^.{14}5.{4}[89ab]/);
        expect(productIdOf(sku)).toBe(id);
      }),
    );
  });

  test('stay what they are, since links to them are in the world', () => {
    expect(productIdOf('KIT-000001')).toBe('843021f7-a06f-5d32-a686-b9f99fa54607');
  });
});
