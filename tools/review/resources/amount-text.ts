import { quantityOf, secondsOf } from './amounts.ts';

/** From the largest, in seconds. */
const SPANS = [
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
  ['seconds', 1],
] as const;

/** From the largest, in bytes. */
const SIZES = [
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
] as const;

/** Where a setting says by its name that it is of milliseconds, seconds or bytes. */
const UNITS: readonly (readonly [RegExp, (amount: number) => string])[] = [
  [/(?:[._]ms|Ms)\b/, (amount) => spanText(amount / 1_000)],
  [/(?:[._]seconds|Seconds)\b/, spanText],
  [/(?:[._]bytes|Bytes)\b/, sizeText],
];

/**
 * An amount as people read it, such as '30 days' for 2592000000 milliseconds or '87600h0m0s', and '4 GiB' for as many
 * bytes; undefined where it is none, or where nobody knows of what.
 *
 * @param property the setting, whose name may say the unit
 */
export function amountText(property: string, value: unknown): string | undefined {
  const seconds = secondsOf(value);
  if (seconds !== undefined) return spanText(seconds);
  const amount = quantityOf(value);
  if (amount === undefined) return undefined;
  if (/[KMGTkmgt]i?B?$/.test(String(value))) return sizeText(amount);
  const [, text] = UNITS.find(([name]) => name.test(property.replaceAll(/["\]]/g, ' '))) ?? [];
  // -1 is for ever wherever amounts are kept.
  return amount < 0 ? undefined : text?.(amount);
}

/** A span in the largest unit of which it has two: '36.5 days', '90 minutes'. */
export function spanText(seconds: number): string {
  const [name, size] =
    SPANS.find(([, each]) => seconds >= 2 * each) ?? (seconds < 1 ? ['ms', 1e-3] : ['second', 1]);
  return `${rounded(seconds / size)} ${name}`;
}

/** So many bytes in the largest unit of which there is one: '4 GiB'. */
export function sizeText(bytes: number): string {
  const [name, size] = SIZES.find(([, each]) => bytes >= each) ?? ['bytes', 1];
  return `${rounded(bytes / size)} ${name}`;
}

/** With two digits behind the point where there are any. */
function rounded(amount: number): string {
  return String(Math.round(amount * 100) / 100);
}
