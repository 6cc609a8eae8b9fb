import { expect, test } from '@jest/globals';
import { OBJECTIVE_DAYS } from '../../model/objectives.ts';
import { BURN_RATES } from './burn-rates.ts';
import { days, durationText, promql, series } from './promql.ts';

/** Source: slok/sloth v0.16.0, internal/alert/windows/google-30d.yaml. */
const SLOTH = {
  page: [
    { percent: 2, short: '5m', long: '1h' },
    { percent: 5, short: '30m', long: '6h' },
  ],
  ticket: [
    { percent: 10, short: '2h', long: '1d' },
    { percent: 10, short: '6h', long: '3d' },
  ],
} as const;

test.each(['page', 'ticket'] as const)('a %s has the windows and factors of Sloth', (severity) => {
  const ours = BURN_RATES[severity].map(({ factor, short, long }) => ({
    percent: Math.round((factor * long.seconds * 100) / days(OBJECTIVE_DAYS).seconds),
    short: durationText(short, 1),
    long: durationText(long, 1),
  }));
  expect(ours).toEqual(SLOTH[severity]);
});

test('a query is refused that reads what nothing emits, wherever the name stands', () => {
  expect(() => promql`max(books_lost) > 0`).toThrow("or labels, got 'books_lost'");
  expect(() => promql`sum by (reader) (${series({ name: 'audit_gaps' })})`).toThrow("got 'reader'");
  expect(() => series({ name: 'books_lost' })).toThrow("Metric 'books_lost': must be one of");
  expect(() => series({ name: 'audit_gaps' }, { topic: 'books' })).toThrow("got 'topic'");
});
