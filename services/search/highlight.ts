import { foldWithOrigin } from './fold.ts';

/** What Elasticsearch puts around words that were found: characters that no folded text has. */
export const FOUND_BEGIN = '\ue000';
export const FOUND_END = '\ue001';

/** Longest part of a description that is shown, in characters; names are shown whole. */
export const FRAGMENT_SIZE = 160;

const MARKS = new RegExp(`[${FOUND_BEGIN}${FOUND_END}]`, 'gu');

/** A stretch of a text, by its UTF-16 units. */
interface Stretch {
  readonly begin: number;
  readonly end: number;
}

/**
 * A part of an original text as HTML, with the words that were found between <em> and </em> and all else
 * escaped; empty if the part is none of it.
 *
 * @param fragment a part of the folded text, with marks around the words
 */
export function highlighted(original: string, fragment: string): string {
  const { text, starts } = foldWithOrigin(original);
  const plain = fragment.replace(MARKS, '');
  const offset = text.indexOf(plain);
  if (plain === '' || offset === -1) return '';
  const at = (unit: number): number => starts[offset + unit] ?? original.length;
  const parts: string[] = [];
  let shown = at(0);
  for (const { begin, end } of foundIn(fragment)) {
    const [from, to] = [Math.max(shown, at(begin)), endOf(starts, offset + end, original)];
    parts.push(
      escaped(original.slice(shown, from)),
      `<em>${escaped(original.slice(from, to))}</em>`,
    );
    shown = to;
  }
  parts.push(escaped(original.slice(shown, endOf(starts, offset + plain.length, original))));
  return parts.join('');
}

/** Where the words are, counted without the marks. */
function foundIn(fragment: string): readonly Stretch[] {
  const found: Stretch[] = [];
  let marks = 0;
  let begin = 0;
  for (const { 0: mark, index } of fragment.matchAll(MARKS)) {
    if (mark === FOUND_BEGIN) begin = index - marks;
    else found.push({ begin, end: index - marks });
    marks += 1;
  }
  return found;
}

/** The end of a stretch: what one character became must not be cut. */
function endOf(starts: readonly number[], unit: number, original: string): number {
  const last = starts[unit - 1] ?? 0;
  for (let next = unit; next < starts.length; next += 1) {
    const start = starts[next] ?? original.length;
    if (start > last) return start;
  }
  return original.length;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, in an element or in an attribute. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? character);
}
