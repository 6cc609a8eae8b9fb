import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codePoint } from './code-point.ts';

test('is every character but halves of them', () => {
  const text = fc.string({ unit: codePoint });
  const found = fc.sample(codePoint, { numRuns: 2_000, seed: 1 });
  expect(found.every((one) => one.isWellFormed() && Array.from(one).length === 1)).toBe(true);
  for (const one of ['\0', 'a', '\ud7ff', '\ue000', '\u{10ffff}', '__proto__']) {
    expect(text.canShrinkWithoutContext(one)).toBe(true);
  }
  expect(text.canShrinkWithoutContext('\ud800')).toBe(false);
});

test('is in texts that fast-check knows to be dangerous', () => {
  expect(fc.sample(fc.string({ unit: codePoint }), { numRuns: 2_000, seed: 1 })).toContain(
    '__proto__',
  );
});
