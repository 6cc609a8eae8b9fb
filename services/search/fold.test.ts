import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fold, foldWithOrigin } from './fold.ts';
import { FOUND_BEGIN, FOUND_END, highlighted } from './highlight.ts';

describe('a folded text', () => {
  test.each([
    ['Łódź', 'lodz'],
    ['Weißbach', 'weissbach'],
    ['L’Œuvre', 'l oeuvre'],
    ['e\u0301le\u0301gant', 'elegant'],
    ['ἙΛΛΆΣ', 'ελλασ'],
    ['Ёлка', 'елка'],
    ['مرشّ', 'مرش'],
    ['أحمد', 'احمد'],
    ['ﾅｲﾌ', 'ナイフ'],
    ['ＡＢＣ', 'abc'],
    ['İstanbul', 'istanbul'],
  ])('of %s is %s', (text, expected) => {
    expect(fold(text)).toBe(expected);
  });

  test.each(['गंगा', 'が', '한빛', '急須'])(
    'of %s is itself: no mark of it is an accent',
    (text) => {
      expect(fold(text)).toBe(text.normalize('NFC'));
    },
  );

  test('is folded already, knows where it comes from, and is no other for its parts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, two) => {
        const { text, starts } = foldWithOrigin(one);
        expect(text).toBe(fold(one));
        expect(starts).toHaveLength(text.length + 1);
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
        expect(fold(`${one} ${two}`)).toBe(`${fold(one)} ${fold(two)}`);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a highlight', () => {
  const marked = (...parts: readonly string[]): string => parts.join('');

  test('shows the words as they were written', () => {
    const fragment = marked('der ', FOUND_BEGIN, 'weissbach', FOUND_END, ' & sohne');
    expect(highlighted('Der Weißbach & Söhne', fragment)).toBe('Der <em>Weißbach</em> &amp; Söhne');
  });

  test('has no markup but its own, whatever a product is called', () => {
    const name = `<script>alert("x")</script> & 'y'`;
    const fragment = marked('<', FOUND_BEGIN, 'script', FOUND_END, fold(name.slice(7)));
    expect(highlighted(name, fragment)).toBe(
      '&lt;<em>script</em>&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;',
    );
  });

  test('has nothing between its marks but what was between them, for any text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 3, maxLength: 3 }),
        (parts) => {
          const [before = '', word = '', after = ''] = parts.map((part) =>
            part.replace(/[\ue000-\uf8ff]/gu, 'x'),
          );
          const original = `${before} ${word} ${after}`;
          const folded = `${fold(before)} ${FOUND_BEGIN}${fold(word)}${FOUND_END} ${fold(after)}`;
          const shown = highlighted(original, folded);
          const bare = shown.replace(/<\/?em>/gu, '');
          expect(bare).not.toMatch(/[<>"']/u);
          expect(shown.split('<em>')).toHaveLength(fold(folded).trim() === '' ? 1 : 2);
        },
      ),
      { numRuns: 300 },
    );
  });
});
