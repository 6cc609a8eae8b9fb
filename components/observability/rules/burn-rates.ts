import type { Severity } from '../../model/alert.ts';
import { days, hours, minutes } from './promql.ts';
import type { Duration } from './promql.ts';

/** So much faster than its 30 days allow is a budget spent, in a long window and still in a short one. */
export interface BurnRate {
  readonly factor: number;
  readonly long: Duration;
  readonly short: Duration;
}

/**
 * Multi-window, multi-burn-rate. Source: Google, "The Site Reliability Workbook", chapter 5, table 5-8; a
 * page has spent 2 % or 5 % of the budget, a ticket 10 %.
 */
export const BURN_RATES: Readonly<Record<Severity, readonly [BurnRate, BurnRate]>> = {
  page: [
    { factor: 14.4, long: hours(1), short: minutes(5) },
    { factor: 6, long: hours(6), short: minutes(30) },
  ],
  ticket: [
    { factor: 3, long: days(1), short: hours(2) },
    { factor: 1, long: days(3), short: hours(6) },
  ],
};

/** The shortest window, of which all others are made. */
export const BASE_WINDOW = minutes(5);

/** All windows but the shortest, each once, as they are named. */
export const LONGER_WINDOWS: Readonly<Record<string, Duration>> = {
  '30m': minutes(30),
  '1h': hours(1),
  '2h': hours(2),
  '6h': hours(6),
  '1d': days(1),
  '3d': days(3),
};

/** The name of a window, which does not change with the time scale. */
export function windowName(window: Duration): string {
  const found = Object.entries(LONGER_WINDOWS).find(
    ([, { seconds }]) => seconds === window.seconds,
  );
  return found?.[0] ?? '5m';
}
