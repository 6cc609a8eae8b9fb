import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codePoint } from '../../../tests/code-point.ts';
import { lengthOf, shownText, wrapped } from './shown-text.ts';

describe('a text of a change', () => {
  test.each([
    ['a name of any script', 'Größe café 价格 каталог', 'Größe café 价格 каталог'],
    ['an arrow between names', 'search → payments', 'search → payments'],
    ['a colour of a terminal', '\u001b[31mred', '\\u{1b}[31mred'],
    ['a terminal command of one byte', '\u009b2J', '\\u{9b}2J'],
    ['a line of its own', 'a\n1 DANGER', 'a\\u{a}1 DANGER'],
    ['a line by another character', 'a\u2028b\u2029c\u0085d', 'a\\u{2028}b\\u{2029}c\\u{85}d'],
    ['a carriage return that writes over a line', 'bad\rgood', 'bad\\u{d}good'],
    ['letters in another order', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
    ['what has no width', 'pay\u200bments\ufeff', 'pay\\u{200b}ments\\u{feff}'],
    ['letters that are blank', 'a\u3164b\u2800c', 'a\\u{3164}b\\u{2800}c'],
    ['unseen tags', 'a\u{e0041}', 'a\\u{e0041}'],
    ['spaces that feign a column', 'a      services/x.ts:1', 'a services/x.ts:1'],
    ['another space', 'a\u00a0b', 'a\\u{a0}b'],
    ['marks that reach into other lines', 'e\u0301\u0301', 'e\u0301\\u{301}'],
    ['half a character', 'a\ud800', 'a\\u{d800}'],
    ['what looks as if it had been escaped', '\\u{202e}', '\\\\u{202e}'],
    ['nothing', ' ', "''"],
  ])('with %s', (_what, given, shown) => {
    expect(shownText(given)).toBe(shown);
  });

  test('of a megabyte is cut, and says by how much', () => {
    const shown = shownText('x'.repeat(1_000_000), 40);
    expect(shown).toBe(`${'x'.repeat(28)}…(+999972)`);
  });

  test('whatever it is, is on one line without what deceives', () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint, maxLength: 400 }), (given) => {
        const shown = shownText(given);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]|(?! )\p{Zs}| {2}/u);
        expect(lengthOf(shown)).toBeLessThanOrEqual(120);
      }),
      { numRuns: 500 },
    );
  });
});

test('a text that is wrapped loses nothing, and begins each further line with its indent', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,60}$/), { minLength: 1 }), (words) => {
      const lines = wrapped(words.join(' '), 40, '    ');
      expect(lines.every((line) => lengthOf(line) <= 40)).toBe(true);
      expect(lines.slice(1).every((line) => line.startsWith('    '))).toBe(true);
      expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''));
    }),
  );
});
