import { expect, test } from '@jest/globals';
import { baselineText, reconciledText } from './reconcile.ts';
import type { Reconciled } from './reconcile.ts';

const sound: Reconciled = {
  action: 'reconcile',
  kinds: [{ service: 'orders', kind: 'order', aggregates: 2, entries: 1_207 }],
  ...{ discrepancyCount: 0, discrepancies: [], withoutBeginning: 0 },
};

test('a trail that says what the services have is told in a line, below what was compared', () => {
  const lines = reconciledText(sound).trim().split('\n');
  expect(lines[1]).toMatch(/^orders +order +2 +1,207$/);
  expect(lines.slice(2)).toEqual(['The trail says what the services have.']);
});

test('what differs is named, up to what somebody reads, and a missing beginning names the cure', () => {
  const each = { service: 'orders', about: 'order o-1', rule: 'a rule', found: 'another' };
  const discrepancies = Array.from({ length: 60 }, () => each);
  const text = reconciledText({
    ...{ ...sound, discrepancies, discrepancyCount: 1_060, withoutBeginning: 3 },
  });
  expect(text.match(/order o-1/g)).toHaveLength(50);
  expect(text).toContain('and 1,010 more\n1,060 do not hold.\n3 histories lack their beginning');
  expect(text).toContain("'npm run audit -- baseline'");
});

test('a baseline is shown before it is entered', () => {
  const headless = [{ service: 'orders', kind: 'order', aggregates: 3 }];
  const shown = { action: 'baseline', dryRun: true, headless, entered: 0 } as const;
  expect(baselineText(shown)).toMatch(/order +3\nNothing was entered: the same with --yes/);
  expect(baselineText({ ...shown, dryRun: false, entered: 3 })).toMatch(/\n3 entered\.\n$/);
  expect(baselineText({ ...shown, headless: [] })).toBe('Every history has its beginning.\n');
});
