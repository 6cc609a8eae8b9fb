/** A text of somebody else on one line that no terminal takes for a command; no longer than a paragraph. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}').slice(0, LONGEST);
}

const LONGEST = 500;

/** JSON in which control characters are escaped that JSON itself lets stand (RFC 8259 section 7). */
export function escaped(json: string): string {
  return json.replaceAll(
    /[\u{7f}-\u{9f}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
