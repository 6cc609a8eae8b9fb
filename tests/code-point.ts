import fc from 'fast-check';

/** Halves of characters: 2,048 from U+D800 on. Source: Unicode, "Surrogates Area". */
const [SURROGATES_FROM, SURROGATES] = [0xd800, 0x800];
const LAST = 0x10ffff;

/**
 * Any character there may be, as the unit of `fc.string`, of the same texts as its own 'binary': that keeps a table of all
 * million of them, which takes a second of CPU and 100 MB in each suite.
 */
export const codePoint: fc.Arbitrary<string> = fc.integer({ min: 0, max: LAST - SURROGATES }).map(
  (place) => String.fromCodePoint(place < SURROGATES_FROM ? place : place + SURROGATES),
  (text) => {
    const [point = -1, ...more] = Array.from(String(text), (one) => one.codePointAt(0) ?? -1);
    const isHalf = point >= SURROGATES_FROM && point < SURROGATES_FROM + SURROGATES;
    if (point === -1 || more.length > 0 || isHalf) throw new Error('It is not one character');
    return point < SURROGATES_FROM ? point : point - SURROGATES;
  },
);
