import { expect, test } from '@jest/globals';
import { EMPTY_ROOT, encodeLeaf, parseVerifierKey } from '@meridian/verifier/index.ts';
import { headsOf, someEvent, someLeaves, writeLog } from '@meridian/verifier/testing/memory-log.ts';
import { TestSigner } from '@meridian/verifier/testing/test-signer.ts';
import { openHeads } from './opened-heads.ts';
import { ofLogShown } from './shown-log.ts';
import { verdictOn } from './verdict.ts';

const leaves = someLeaves(30);
const signer = new TestSigner('meridian.example/audit/1');
const keys = [parseVerifierKey(signer.vkey)];
const head = (size: number): string =>
  signer.checkpoint(size, headsOf(leaves, [size])[0]?.root ?? EMPTY_ROOT);
const given = (...notes: readonly string[]) => notes.map((note) => ({ note }));
const shownAt = (size: number) => writeLog(leaves.slice(0, size));

test('a newest head that was changed is a finding, and the log is held against the one before', async () => {
  const changed = head(30).replace('\n30\n', '\n31\n');
  const verdict = await verdictOn(shownAt(20), openHeads(given(head(10), head(20), changed), keys));
  expect(verdict).toMatchObject({ treeSize: 20, heads: 2, findingCount: 1 });
  expect(verdict.findings).toMatchObject([{ kind: 'head' }]);
});

test('heads go by the sizes that were signed, in whichever order they come', async () => {
  const verdict = await verdictOn(
    shownAt(30),
    openHeads(given(head(30), head(10), head(20)), keys),
  );
  expect(verdict).toMatchObject({ treeSize: 30, heads: 3, findingCount: 0 });
});

test('a head under another size than it says is a finding, and the log is held against it still', async () => {
  const called = (size: number, note: string) => ({ note, name: `${size}`.padStart(20, '0') });
  const heads = [called(10, head(10)), called(900, head(20))];
  const verdict = await verdictOn(shownAt(20), openHeads(heads, keys));
  expect(verdict).toMatchObject({ treeSize: 20, heads: 2, findingCount: 1 });
  expect(verdict.findings).toEqual([
    { kind: 'head', description: expect.stringMatching(/heads\/0{17}900 holds .* 20 entries/) },
  ]);
});

test('where no head can be believed, that is what is found', async () => {
  const foreign = new TestSigner('meridian.example/audit/1').checkpoint(30, EMPTY_ROOT);
  const verdict = await verdictOn(shownAt(30), openHeads(given(foreign, ''), keys));
  expect(verdict).toMatchObject({ entries: 0, heads: 0, findingCount: 2 });
});

test('heads are not held against the successor of their log, nor against no log', async () => {
  const opened = openHeads(given(head(30)), keys);
  const first = encodeLeaf({
    ...someEvent(0),
    ...{ kind: 'baseline', type: 'meridian.audit.Predecessor', data: Buffer.from(head(30)) },
  });
  const found = async (log: readonly Uint8Array[]) =>
    (await ofLogShown(writeLog(log), opened)).findings;
  expect(await found([first])).toMatchObject([
    { description: expect.stringMatching(/successor/) as unknown },
  ]);
  expect(await found([])).toMatchObject([
    { description: expect.stringMatching(/no entry/) as unknown },
  ]);
  expect(await found(leaves.slice(0, 1))).toEqual([]);
});
