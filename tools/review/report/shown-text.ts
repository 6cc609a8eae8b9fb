/** No value of a change takes more of a report than this, in characters. */
export const LONGEST_SHOWN = 120;

/** A line never has more characters than this. */
export const LONGEST_LINE = 140;

/**
 * What reorders, hides or moves the rest of a line: controls with those of terminals, formats with those of bidi
 * (UAX 9) and of zero width, line ends, every space but the usual one, what nobody has assigned, what fonts do not
 * draw (Default_Ignorable_Code_Point, UAX 44), the blank of Braille, and marks piled upon marks.
 */
const DECEIVING =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}\u{2800}]|(?! )\p{Zs}|(?<![\p{L}\p{N}])\p{M}|(?<=\p{M})\p{M}/gu;

/**
 * A text of a change as a report shows it: on one line, each character in the place where it is read, and none
 * unseen. What deceives is shown as `\u{202e}`; letters of any script stay as they are. A long text is cut, and says
 * by how much.
 */
export function shownText(text: string, longest = LONGEST_SHOWN): string {
  // Nobody reads more than this, and a pattern must not be given a megabyte.
  const given = text.slice(0, longest * 8);
  const plain = given
    .replaceAll(/\\(?=u\{)/g, '\\\\')
    .replaceAll(DECEIVING, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`)
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  return cut(plain === '' ? "''" : plain, longest, text.length - given.length);
}

function cut(text: string, longest: number, unread: number): string {
  const characters = Array.from(text);
  if (characters.length <= longest && unread === 0) return text;
  const kept = characters.slice(0, longest - 12).join('');
  return `${kept}…(+${characters.length - Array.from(kept).length + unread})`;
}

/** How many characters a line has, as people count them. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** A text on lines of at most so many characters, each but the first indented, broken at spaces where there are any. */
export function wrapped(text: string, width: number, indent: string): readonly string[] {
  const lines: string[] = [];
  let rest = Array.from(text);
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    // A break that leaves less than half a line wastes more than it shows.
    const end = space > width / 2 ? space : width;
    lines.push(rest.slice(0, end).join('').trimEnd());
    rest = Array.from(`${indent}${rest.slice(end).join('').trimStart()}`);
  }
  return [...lines, rest.join('')];
}
