import { expect, test } from '@jest/globals';
import { isHourlyAtMost, longestPause } from './backup-schedule.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;

test.each([
  ['0 0 3 * * *', DAY],
  ['0 0 */6 * * *', 6 * HOUR],
  ['0 30 1,13 * * *', 12 * HOUR],
  ['0 0 22-23 * * *', 23 * HOUR],
  ['0 0 3 * * mon-fri', 3 * DAY],
  ['0 0 3 * * SUN', 7 * DAY],
  ['0 0 3 1 * *', 31 * DAY],
  ['0 0 3 31 * *', 61 * DAY],
  ['0 0 3 1,15 * *', 17 * DAY],
  // Either is meant where both are given.
  ['0 0 3 1 * mon', 7 * DAY],
  ['0 0 3 29 feb *', 1_461 * DAY],
  ['@weekly', 7 * DAY],
  ['@hourly', HOUR],
])("'%s' pauses for %d seconds at most", (schedule, seconds) => {
  expect(longestPause(schedule)).toBe(seconds);
});

test.each([
  ...['0 3 * * *', '0 0 24 * * *', '0 60 3 * * *', '0 0 3 0 * *', '0 0 3 * * 7'],
  ...['0 0 3 30 2 *', '0 0 5-3 * * *', '0 0 3 * mon *', '0 0 x * * *', '@reboot', ''],
])("'%s' is not a schedule of anything", (schedule) => {
  expect(longestPause(schedule)).toBeUndefined();
});

test.each([
  ['0 0 3 * * *', true],
  ['0 0 * * * *', true],
  ['@hourly', true],
  ['0 */30 * * * *', false],
  ['* 0 3 * * *', false],
  ['0 0,5 3 * * *', false],
])('%s is one moment of an hour: %s', (schedule, is) => {
  expect(isHourlyAtMost(schedule)).toBe(is);
});
