import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isProductId, productIdOf } from './product-id.ts';

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
