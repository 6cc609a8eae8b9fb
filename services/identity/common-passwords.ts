/**
 * Words that the published lists of leaked passwords begin with, and this platform's own name. They
 * count wherever they stand alone, whatever digits and signs follow or go before, and repeated.
 */
const COMMON_WORDS: ReadonlySet<string> = new Set(
  `password passwort passw0rd p@ssword p@ssw0rd pass letmein welcome admin administrator root user
  guest login secret changeme default test testing iloveyou sunshine princess dragon monkey football
  baseball basketball superman batman master shadow michael jordan charlie jennifer hunter trustno1
  starwars whatever freedom computer internet samsung google apple qwerty qwertyuiop qwertzuiop
  asdfghjkl zxcvbnm asdf qwer qazwsx qazwsxedc 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx abc abcd abcdef
  abcdefgh abcdefghijkl abcdefghijklmnop hello summer winter spring autumn january february october
  liverpool chelsea arsenal barcelona correcthorsebatterystaple meridian`.split(/\s+/),
);

/** Distinct characters that a password needs; below are runs such as 'aaaaaaaaaaaa'. */
const DISTINCT_CHARACTERS_MIN = 5;

const DIGITS_IN_ORDER = '01234567890123456789';

/** Whether a password, in lower case, is among those that are guessed first. */
export function isCommonPassword(folded: string): boolean {
  if (new Set(folded).size < DISTINCT_CHARACTERS_MIN) return true;
  const backwards = Array.from(folded).reverse().join('');
  if (DIGITS_IN_ORDER.includes(folded) || DIGITS_IN_ORDER.includes(backwards)) return true;
  const bare = folded.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return [folded, bare, folded.replaceAll(/[^\p{L}\p{N}]/gu, '')].some(
    (word) => COMMON_WORDS.has(word) || COMMON_WORDS.has(repeatedPart(word)),
  );
}

/** The shortest part that a text repeats from end to end, or the text itself. */
function repeatedPart(text: string): string {
  // A text stands in its double first at its own period. Source: Knuth, Morris, Pratt.
  return text === '' ? '' : text.slice(0, (text + text).indexOf(text, 1));
}
