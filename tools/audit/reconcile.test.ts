import { expect, test } from '@jest/globals';
import { baselineText, reconciledText } from './reconcile.ts';
import type { Reconciled } from './reconcile.ts';
import { verifiedText } from './verify.ts';
import type { Verified } from './verify.ts';

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

test('one of something is told as one', () => {
  const discrepancies = [{ service: 'orders', about: 'order o-1', rule: 'a', found: 'b' }];
  const one = { ...sound, discrepancies, discrepancyCount: 1, withoutBeginning: 1 };
  expect(reconciledText(one)).toContain('\n1 does not hold.\n1 history lacks its beginning');
  const finding = [{ kind: 'head', description: 'a head is wrong' }];
  const verified: Verified = {
    ...{ action: 'verify', origin: 'o/audit/1', treeSize: 1, entries: 1, archived: 0 },
    ...{ aggregates: 1, heads: 1 },
    ...{ cosigned: { treeSize: 1, witnesses: ['w1', 'w2'] }, seconds: 1 },
    ...{ findings: finding, findingCount: 1, incomplete: [], incompleteCount: 0 },
    ...{ lacking: [{ kind: 'archive', description: 'it has not entry 0' }], lackingCount: 1 },
    former: [],
  };
  const ofSuccessor = verifiedText({ ...verified, origin: 'o/audit/2' });
  expect(ofSuccessor.split('\n')[1]).toMatch(/^It is the successor of a log that had to end/);
  expect(ofSuccessor.split('\n')[2]).toMatch(/were not there to be held against it/);
  const former = [{ log: 1, entries: 300, heads: 4, lost: 1, largest: 305 }];
  expect(verifiedText({ ...verified, origin: 'o/audit/2', former }).split('\n')[2]).toBe(
    'Of log 1 it took over 300 entries, held against 4 heads of that log; 1 head up to that of 305 entries sum up more, which was lost before it began.',
  );
  expect(verifiedText(verified).split('\n')).toEqual([
    'Log o/audit/1: 1 of 1 entry about 1 aggregate held against 1 published head in 1.0 s',
    'The head of 1 entry was seen by w1, w2.',
    'NOT as it was published, 1 finding:',
    '  a head is wrong',
    'Every aggregate has each of its versions once.',
    'The archive is damaged, or an earlier one than the newest: of 1 entry it has not what moved.',
    '  it has not entry 0',
    '',
  ]);
});

test('a baseline is shown before it is entered', () => {
  const headless = [{ service: 'orders', kind: 'order', aggregates: 3 }];
  const shown = { action: 'baseline', dryRun: true, headless, entered: 0 } as const;
  expect(baselineText(shown)).toMatch(/order +3\nNothing was entered: the same with --yes/);
  expect(baselineText({ ...shown, dryRun: false, entered: 3 })).toMatch(/\n3 entered\.\n$/);
  expect(baselineText({ ...shown, headless: [] })).toBe('Every history has its beginning.\n');
});
