/** A text as words are compared, and where each of its characters comes from. */
export interface Folded {
  readonly text: string;
  /** For each UTF-16 unit of `text` the start in the original, and one entry more: its end. */
  readonly starts: readonly number[];
}

/**
 * Runs of ASCII, which only lose their capitals, and otherwise a character with the marks that follow it:
 * what is folded at once, so that a text and its parts fold alike.
 */
const PARTS = /[\0-\x7f]+|\P{M}\p{M}*|\p{M}+/gu;

/**
 * Marks that a word may have or lack: accents of Latin, Greek and Cyrillic letters, vowels of Hebrew and
 * Arabic, also those that Arabic letters are taken apart into. Those of other scripts, such as the vowels
 * of Devanagari or the voicing of kana, make another word.
 */
const OPTIONAL_MARKS =
  /[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/gu;

/** What is not seen, and what marks highlights (highlight.ts). */
const UNSEEN = /[\u00ad\u0640\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\ue000-\uf8ff]/gu;

/**
 * ASCII that parts words. Two of the controls, U+001E and U+001F, mean something to Lucene's completion and are
 * refused by it (ConcatenateGraphFilter).
 */
const APART = /[\0-\x1f'\x7f]/gu;

/** Letters that Unicode does not take apart, as people write them without the key. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ς: 'σ',
  ى: 'ي',
  // L’Œuvre is found by what follows, as is O'Malley.
  '’': ' ',
  '‘': ' ',
  ʼ: ' ',
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');

/**
 * Folds a text: compatibility forms, capitals, accents and what is not seen become alike. Elasticsearch
 * has a filter for it that not every landing's has, so texts and queries are folded here (ADR 57).
 * Source: Unicode Standard Annex 15, NFKD and NFC.
 */
export function fold(text: string): string {
  return text.replace(PARTS, foldPart);
}

/** The same, with the way back. */
export function foldWithOrigin(text: string): Folded {
  let folded = '';
  const starts: number[] = [];
  for (const { 0: part, index } of text.matchAll(PARTS)) {
    const made = foldPart(part);
    // Only of a run of ASCII each character is for itself.
    const isRun = part.length === made.length && /^[\0-\x7f]/u.test(part);
    for (let unit = 0; unit < made.length; unit += 1) starts.push(isRun ? index + unit : index);
    folded += made;
  }
  starts.push(text.length);
  return { text: folded, starts };
}

/** Neighbouring words of a folded text as one, since people write `rain coat` and `powerbank`. */
export function joinedWords(text: string): readonly string[] {
  const words = text.split(/\s+/u).filter((word) => word !== '');
  return words.slice(1).map((word, index) => `${words[index]}${word}`);
}

function foldPart(part: string): string {
  if (/^[\0-\x7f]/u.test(part)) return part.toLowerCase().replace(APART, ' ');
  const apart = part.toLowerCase().normalize('NFKD').toLowerCase();
  const plain = apart.replace(OPTIONAL_MARKS, '').normalize('NFC').replace(UNSEEN, '');
  return plain.replace(LETTER, (letter) => LETTERS[letter] ?? letter);
}
