import type { Entry } from './entry.ts';
import { LONGEST_LINE, lengthOf, wrapped } from './shown-text.ts';

/** Where the places of findings end, unless what stands before them is longer. */
export const LINE_WIDTH = 100;

/** What follows a first line; a finding begins its line, so nothing of a change can look like one. */
export const INDENT = '    ';

/**
 * An entry with what comes of it: on one line where all of it fits, else on as many as it needs.
 *
 * @param namesMax how many characters of names, if there are several. @default a line
 */
export function fullLines(
  number: string,
  entry: Entry,
  namesMax = LONGEST_LINE - INDENT.length,
): readonly string[] {
  const { change, consequence, place } = entry;
  const begin = beginOf(number, entry);
  const head = [begin, change].filter((part) => part !== '').join(' ');
  // After what was and is, a colon would read as another property.
  const joint = change === '' ? ': ' : '; ';
  const all = consequence === '' ? head : `${head}${joint}${consequence}`;
  const names = below(namesWithin(entry.names, namesMax));
  if (fits(all, place, LINE_WIDTH)) return [aligned(all, place), ...names];
  if (fits(head, place, LINE_WIDTH)) return [aligned(head, place), ...below(consequence), ...names];
  const rest = [change, consequence].filter((part) => part !== '').join('; ');
  return [...placed(begin, place), ...below(rest), ...names];
}

/** An entry without what comes of it, and of its names what has room. */
export function shortLines(number: string, entry: Entry): readonly string[] {
  const begin = [beginOf(number, entry), entry.change].filter((part) => part !== '').join(' ');
  const room = LONGEST_LINE - lengthOf(begin) - lengthOf(entry.place) - 4;
  const names = namesWithin(entry.names, room);
  return placed(names === '' ? begin : `${begin}: ${names}`, entry.place);
}

/** An entry that names all whom it is about, up to so many characters of names. */
export function namedLines(number: string, entry: Entry, charactersMax: number): readonly string[] {
  const begin = [beginOf(number, entry), entry.change].filter((part) => part !== '').join(' ');
  if (entry.names.length === 0) return placed(begin, entry.place);
  return wrapped(`${begin}: ${namesWithin(entry.names, charactersMax)}`, LONGEST_LINE, INDENT);
}

function beginOf(number: string, { what, phrase }: Entry): string {
  return `${number === '' ? '' : `${number} `}${what}  ${phrase}`;
}

/** As many names as fit, and how many there are besides; empty where not even the first fits. */
export function namesWithin(names: readonly string[], charactersMax: number): string {
  const rest = (count: number): string => (count === 0 ? '' : ` and ${count} more`);
  let length = 0;
  for (const [index, name] of names.entries()) {
    length += lengthOf(name) + (index === 0 ? 0 : 2);
    if (length + rest(names.length - index - 1).length > charactersMax) {
      return index === 0 ? '' : `${names.slice(0, index).join(', ')}${rest(names.length - index)}`;
    }
  }
  return names.join(', ');
}

function below(text: string): readonly string[] {
  return text === '' ? [] : wrapped(`${INDENT}${text}`, LONGEST_LINE, INDENT);
}

function fits(text: string, place: string, width: number): boolean {
  const room = place === '' ? 0 : lengthOf(place) + 2;
  return lengthOf(text) + room <= width;
}

/** A text with its place at the end of a line that has room for both. */
export function aligned(text: string, place: string): string {
  if (place === '') return text;
  const gap = Math.max(2, LINE_WIDTH - lengthOf(text) - lengthOf(place));
  return `${text}${' '.repeat(gap)}${place}`;
}

/** A text of any length with its place at the end of its last line. */
function placed(text: string, place: string): readonly string[] {
  const lines = wrapped(text, LONGEST_LINE, INDENT);
  const last = lines.at(-1) ?? '';
  return fits(last, place, LONGEST_LINE)
    ? [...lines.slice(0, -1), aligned(last, place)]
    : [...lines, aligned(INDENT, place)];
}
