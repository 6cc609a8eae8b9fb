import { expect, test } from '@jest/globals';
import { restoreTimeProblems } from './restore-time.ts';

const NOW = Date.UTC(2026, 0, 1);
const problemsOf = (restoreFrom: { readonly archive: string; readonly time?: string }) =>
  restoreTimeProblems({ file: 'Pulumi.staging.yaml', postgres: { restoreFrom } }, NOW);

test('a moment that has been can be restored, and the end of the archive', () => {
  expect(problemsOf({ archive: 'books' })).toEqual([]);
  expect(problemsOf({ archive: 'books', time: '2026-01-01T00:00:00Z' })).toEqual([]);
  expect(restoreTimeProblems({ file: '', postgres: {} }, NOW)).toEqual([]);
});

test('a moment that is to come is refused', () => {
  expect(problemsOf({ archive: 'books', time: '2026-01-01T00:00:01Z' })).toEqual([
    "Setting 'meridian:postgresRestoreFrom.time': must be a moment that has been (it is 2026-01-01T00:00:00.000Z), got '2026-01-01T00:00:01Z'; set it in Pulumi.staging.yaml, or leave it out for all that is in the archive",
  ]);
});
