import { describe, expect, test } from '@jest/globals';
import { differencesOf, pathText, valueAt } from './differences.ts';

const told = (declared: unknown, found: unknown) =>
  differencesOf(declared, found).map(({ path, ...values }) => [pathText(path), values]);

describe('differencesOf', () => {
  test('finds none between equal values, whatever the order of their fields', () => {
    expect(told({ a: [1, { b: 2, c: 3 }] }, { a: [1, { c: 3, b: 2 }] })).toEqual([]);
  });

  test.each<[string, unknown, unknown, string, object]>([
    ['a change', { a: { b: 1 } }, { a: { b: 2 } }, 'a.b', { declared: 1, found: 2 }],
    ['what is gone', { a: { b: 1 } }, { a: {} }, 'a.b', { declared: 1 }],
    ['what nobody declared', {}, { 'x.y/z': 1 }, '["x.y/z"]', { found: 1 }],
    ['what was appended', { a: [1] }, { a: [1, 2] }, 'a[1]', { found: 2 }],
    ['what was cut from the middle', { a: [1, 2, 3] }, { a: [1, 3] }, 'a[1]', { declared: 2 }],
    [
      'an element by its name',
      { a: [{ name: 'x', p: 1 }] },
      {
        a: [
          { name: 'y', p: 2 },
          { name: 'x', p: 1 },
        ],
      },
      'a[y]',
      { found: { name: 'y', p: 2 } },
    ],
    ['a change of order', { a: [1, 1, 2] }, { a: [1, 2] }, 'a', { declared: [1, 1, 2] }],
  ])('names %s', (_what, declared, found, path, values) => {
    expect(told(declared, found)).toEqual([[path, expect.objectContaining(values)]]);
  });
});

describe('valueAt', () => {
  const value = { a: [{ name: 'x', b: [7] }] };

  test('follows fields, names and indices', () => {
    expect(valueAt(value, ['a', { element: 'x' }, 'b', 0])).toBe(7);
  });

  test.each([[['b']], [['a', { element: 'y' }, 'b']], [['a', 'b']]])(
    'has nothing at %j',
    (path) => {
      expect(valueAt(value, path)).toBeUndefined();
    },
  );
});
