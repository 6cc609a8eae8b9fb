import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  EMPTY_ROOT,
  encodeBundle,
  encodeLeaf,
  parseVerifierKey,
} from '@meridian/verifier/index.ts';
import { headsOf, someEvent, someLeaves, writeLog } from '@meridian/verifier/testing/memory-log.ts';
import { TestSigner } from '@meridian/verifier/testing/test-signer.ts';
import { OpenedHeads } from './opened-heads.ts';
import { notesIn } from './published-notes.ts';
import { leaveOutAnother } from './shown-log.ts';
import { verdictOn } from './verdict.ts';
import type { Verdict } from './verdict.ts';
import { verification } from './verification.ts';

const leaves = someLeaves(30);
const signer = new TestSigner('meridian.example/audit/1');
const keys = [parseVerifierKey(signer.vkey)];
const head = (size: number, ...witnesses: readonly TestSigner[]): string =>
  signer.checkpoint(size, headsOf(leaves, [size])[0]?.root ?? EMPTY_ROOT, ...witnesses);
const shownAt = (size: number) => writeLog(leaves.slice(0, size));
const kept = (...notes: readonly string[]) => new OpenedHeads({ kept: notes }, { keys });

test('a newest head that was changed is a finding, and the log is held against the one before', async () => {
  const changed = head(30).replace('\n30\n', '\n31\n');
  const verdict = await verdictOn(shownAt(20), kept(head(10), head(20), changed));
  expect(verdict).toMatchObject({ treeSize: 20, heads: 2, findingCount: 1 });
  expect(verdict.findings).toMatchObject([{ kind: 'head' }]);
});

test('heads go by the sizes that were signed, in whichever order they come', async () => {
  const verdict = await verdictOn(shownAt(30), kept(head(30), head(10), head(20)));
  expect(verdict).toMatchObject({ treeSize: 30, heads: 3, findingCount: 0 });
});

test('where no head can be believed, that is what is found', async () => {
  const foreign = new TestSigner('meridian.example/audit/1').checkpoint(30, EMPTY_ROOT);
  const verdict = await verdictOn(shownAt(30), kept(foreign, ''));
  expect(verdict).toMatchObject({ entries: 0, heads: 0, findingCount: 2 });
});

test('heads are not held against the successor of their log, nor against no log', async () => {
  const first = encodeLeaf({
    ...someEvent(0),
    ...{ kind: 'baseline', type: 'meridian.audit.Predecessor', data: Buffer.from(head(30)) },
  });
  const found = async (log: readonly Uint8Array[]) => {
    const opened = kept(head(30));
    await leaveOutAnother(writeLog(log), opened);
    return opened.findings();
  };
  expect(await found([first])).toMatchObject([
    { description: expect.stringMatching(/successor/) as unknown },
  ]);
  expect(await found([])).toMatchObject([
    { description: expect.stringMatching(/no entry/) as unknown },
  ]);
  expect(await found(leaves.slice(0, 1))).toEqual([]);
});

describe('heads in a folder', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'heads-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const publish = (name: string, notes: Readonly<Record<number, string>>): string => {
    const heads = path.join(folder, name);
    mkdirSync(heads);
    for (const [size, note] of Object.entries(notes)) {
      writeFileSync(path.join(heads, size.padStart(20, '0')), note);
    }
    return heads;
  };
  const verified = (published: string, largest: number, more: readonly string[] = []) =>
    verification(
      { vkeys: [signer.vkey], heads: more, published: { folder: published, largest } },
      (note) =>
        Object.assign(shownAt(Number(note.split('\n')[1])), {
          entries: (_index: number, width: number) =>
            Promise.resolve(encodeBundle(leaves.slice(0, width))),
        }),
    );

  test('are held against the log between those that somebody kept, up to the largest that was there', async () => {
    const heads = publish('sound', { 5: head(5), 20: head(20), 25: head(25), 30: 'later' });
    writeFileSync(path.join(heads, 'README'), 'not a head');
    expect(await verified(heads, 25, [head(22), head(3)])).toMatchObject({
      ...{ treeSize: 25, heads: 5, findingCount: 0 },
    });
    expect(await verified(heads, 25, [head(30)])).toMatchObject({ treeSize: 30, heads: 4 });
  });

  test('under another size than they say are found, and the log is held against them still', async () => {
    const heads = publish('moved', { 10: head(10), 900: head(20) });
    expect(await verified(heads, 900)).toMatchObject({ treeSize: 20, heads: 2, findingCount: 1 });
  });

  test('that were changed, moved or are of another history are each found once', async () => {
    const fork = signer.checkpoint(12, EMPTY_ROOT);
    const changed = head(29).replace('\n29\n', '\n28\n');
    const heads = publish('lies', {
      ...{ 5: head(5), 7: head(9), 12: fork, 20: head(20), 29: changed, 30: '' },
    });
    const verdict = await verified(heads, 30);
    expect(verdict).toMatchObject({ treeSize: 20, heads: 4, findingCount: 4 });
    const descriptions = (verdict as Verdict).findings.map(({ description }) => description);
    expect(descriptions).toEqual([
      expect.stringMatching(
        /^heads\/0{18}29: Note 'meridian.example\/audit\/1': the signature of /,
      ),
      expect.stringMatching(
        /^heads\/0{18}30: Note: must have a text, an empty line and signatures/,
      ),
      expect.stringMatching(/^heads\/0{19}7 holds the head of 9 entries/),
      expect.stringMatching(/^the head of 12 leaves is of another history/),
    ]);
  });

  test('are opened one at a time, as the log is read', async () => {
    const heads = publish('many', { 5: head(5), 10: head(10), 20: head(20), 30: head(30) });
    const notes = await notesIn(heads, 30);
    const read: number[] = [];
    const note = (position: number): string => {
      read.push(position);
      return notes.note(position);
    };
    const opened = new OpenedHeads({ kept: [], published: { ...notes, note } }, { keys });
    const older = opened.older()[Symbol.iterator]();
    older.next();
    expect(read).toEqual([3, 0]);
  });
});

describe('heads of a log that has a successor', () => {
  const second = new TestSigner('meridian.example/audit/2');
  const folder = mkdtempSync(path.join(tmpdir(), 'former-'));
  for (const size of [5, 20, 28, 30]) {
    writeFileSync(path.join(folder, String(size).padStart(20, '0')), head(size));
  }
  // Of somebody who may write there, which says nothing of the log.
  writeFileSync(path.join(folder, '900'.padStart(20, '0')), 'not a head');

  afterAll(() => rmSync(folder, { recursive: true }));

  /** The successor of a log, which took over so many of its entries. */
  const succeeding = (taken: readonly Uint8Array[], says = taken.length) => {
    const first = encodeLeaf({
      ...{
        ...someEvent(0),
        kind: 'baseline',
        type: 'meridian.audit.Predecessor',
        version: undefined,
      },
      ...{ source: 'log:meridian.example/audit/1', id: '30', data: Buffer.from(head(30)) },
      correlation: `meridian.example/audit/1:${says}`,
    });
    const log = [first, ...taken, ...someLeaves(3)];
    const [newest] = headsOf(log, [log.length]);
    return {
      log: Object.assign(writeLog(log), {
        entries: (_index: number, width: number) =>
          Promise.resolve(encodeBundle(log.slice(0, width))),
      }),
      newest: second.checkpoint(log.length, newest?.root ?? EMPTY_ROOT),
    };
  };
  const verified = async (
    { log, newest }: ReturnType<typeof succeeding>,
    heads: readonly string[],
  ) =>
    (await verification(
      {
        ...{ vkeys: [second.vkey], heads: [newest] },
        former: [
          {
            ...{ log: 1, vkeys: [signer.vkey], heads },
            published: { folder, largest: 999 },
          },
        ],
      },
      () => log,
    )) as Verdict;

  test('are held against what that took over, and those of what was lost are told', async () => {
    const verdict = await verified(succeeding(leaves.slice(0, 25)), [head(10)]);
    expect(verdict).toMatchObject({ treeSize: 29, findingCount: 0 });
    expect(verdict.former).toEqual([{ log: 1, entries: 25, heads: 3, lost: 2, largest: 30 }]);
    const whole = await verified(succeeding(leaves), []);
    expect(whole.former).toEqual([{ log: 1, entries: 30, heads: 4, lost: 0, largest: 0 }]);
  });

  test('expose an entry that was changed before it was sealed again', async () => {
    const changed = leaves.map((leaf, at) => (at === 7 ? encodeLeaf(someEvent(99)) : leaf));
    const verdict = await verified(succeeding(changed), [head(10)]);
    expect(verdict).toMatchObject({ findingCount: 1 });
    expect(verdict.findings).toMatchObject([{ kind: 'former', exposedBy: 10 }]);
  });

  test('that somebody kept are a finding where they were lost', async () => {
    const verdict = await verified(succeeding(leaves.slice(0, 25)), [head(29)]);
    expect(verdict.findings).toMatchObject([{ kind: 'lost', exposedBy: 29 }]);
  });
});

describe('witnesses', () => {
  const [one, two] = ['w1', 'w2'].map((name) => new TestSigner(name, 4)) as [
    TestSigner,
    TestSigner,
  ];
  const witnesses = [one, two].map(({ vkey }) => parseVerifierKey(vkey));
  const verdict = (quorum: number, ...notes: readonly string[]) =>
    verdictOn(shownAt(30), new OpenedHeads({ kept: notes }, { keys, witnesses, quorum }));

  test('vouch for a log by any head that enough of them have seen, the largest of which is told', async () => {
    const notes = [head(10, one, two), head(20, two, one), head(25, one), head(30)];
    expect(await verdict(2, ...notes)).toMatchObject({
      ...{ findingCount: 0, cosigned: { treeSize: 20, witnesses: ['w2', 'w1'] } },
    });
    expect(await verdict(1, ...notes)).toMatchObject({ cosigned: { treeSize: 25 } });
  });

  test('that are too few, or whose signature is of another text, are found', async () => {
    expect(await verdict(2, head(20, one), head(30))).toMatchObject({
      ...{ findingCount: 1, cosigned: null },
      findings: [
        {
          kind: 'witness',
          description: expect.stringMatching(/ 2 of the 2 .* 1 on that of 20 /) as unknown,
        },
      ],
    });
    const other = head(25, one).split('\n').at(-2) ?? '';
    expect(await verdict(1, `${head(20)}${other}\n`, head(30))).toMatchObject({
      findings: [{ kind: 'witness' }, { kind: 'head' }],
    });
    expect(await verdict(0, head(30))).toMatchObject({ findingCount: 0, cosigned: null });
  });
});
