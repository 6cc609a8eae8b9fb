import { CodedError } from '@meridian/language/coded-error.ts';

const SECONDS_OF = { s: 1, m: 60, h: 3600 } as const;
const LONGEST_SECONDS = 24 * 3600;

/** What durations are, in words of messages. */
export const DURATION_ALLOWED =
  'a whole number of seconds, minutes or hours up to a day, such as 60s, 5m or 1h';

/** Reads a duration such as '60s', '5m' or '1h' as seconds; undefined where it is none. */
export function readSeconds(given: string): number | undefined {
  const [, digits, unit] = /^(\d{1,6})([smh])$/.exec(given) ?? [];
  const seconds = Number(digits) * SECONDS_OF[unit as keyof typeof SECONDS_OF];
  return seconds >= 1 && seconds <= LONGEST_SECONDS ? seconds : undefined;
}

/** The same of `shop --for`. @throws {CodedError} SHOP_OPTION_UNUSABLE */
export function secondsOf(given: string): number {
  const seconds = readSeconds(given);
  if (seconds !== undefined) return seconds;
  throw new CodedError(
    'SHOP_OPTION_UNUSABLE',
    `Option '--for': must be ${DURATION_ALLOWED}, got '${given}'`,
  );
}
