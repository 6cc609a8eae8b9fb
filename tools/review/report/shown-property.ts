import { lengthOf, shownText } from './shown-text.ts';

/** So much room a property has on a line, in characters. */
const LONGEST_PROPERTY = 60;
/** So much of it is looked at. */
const READ = 4_000;

/** A list such as 'a, b and 3 more'. */
const MORE = /^(?<names>.*) and (?<more>\d+) more$/s;

/**
 * A property as a report shows it. Of a list there are as many names as have room, each whole, and how many there are
 * besides; of a way to a field or a file there is its end, which says more than where it begins.
 */
export function shownProperty(property: string, longest = LONGEST_PROPERTY): string {
  const whole = shownText(property, READ);
  if (lengthOf(whole) <= longest) return whole;
  const { names = whole, more = '0' } = MORE.exec(whole)?.groups ?? {};
  const [first = '', ...others] = names.split(', ');
  if (others.length === 0 && more === '0') return shownEnd(first, longest);
  let shown = shownEnd(first, longest - 14);
  for (const [index, name] of others.entries()) {
    const left = others.length - index - 1 + Number(more);
    const next = `${shown}, ${name}`;
    if (lengthOf(counted(next, left)) > longest) {
      return counted(shown, left + 1);
    }
    shown = next;
  }
  return counted(shown, Number(more));
}

function counted(names: string, more: number): string {
  return more === 0 ? names : `${names} and ${more} more`;
}

/** The end of a way, from the beginning of a part of it where one is near; the beginning of anything else. */
function shownEnd(text: string, longest: number): string {
  if (lengthOf(text) <= longest) return text;
  if (text.includes(' ')) return shownText(text, longest);
  const end = Array.from(text)
    .slice(1 - longest)
    .join('');
  const part = /^[^./[]{0,20}(?=[./[])/.exec(end)?.[0] ?? '';
  return `…${end.slice(part.length)}`;
}
