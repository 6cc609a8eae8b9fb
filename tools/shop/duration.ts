import { CodedError } from '@meridian/language/coded-error.ts';

const SECONDS_OF = { s: 1, m: 60, h: 3600 } as const;
const LONGEST_SECONDS = 24 * 3600;

/** Reads a duration such as '60s', '5m' or '1h' as seconds. @throws {CodedError} SHOP_OPTION_UNUSABLE */
export function secondsOf(given: string): number {
  const [, digits, unit] = /^(\d{1,6})([smh])$/.exec(given) ?? [];
  const seconds = Number(digits) * SECONDS_OF[unit as keyof typeof SECONDS_OF];
  if (seconds >= 1 && seconds <= LONGEST_SECONDS) return seconds;
  throw new CodedError(
    'SHOP_OPTION_UNUSABLE',
    `Option '--for': must be a whole number of seconds, minutes or hours up to a day, such as 60s, 5m or 1h, got '${given}'`,
  );
}
