import { describe, expect, test } from '@jest/globals';
import { openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { EMPTY_ROOT } from './hashing.ts';
import { parseVerifierKey } from './signed-note.ts';
import { TestSigner } from './testing/test-signer.ts';

const refusal = (code: string, work: () => unknown): void => {
  expect(work).toThrow(expect.objectContaining({ name: 'VerificationError', code }));
};

const log = new TestSigner('meridian.example/audit/1');
const rotated = new TestSigner('meridian.example/audit/1');
const successor = new TestSigner('meridian.example/audit/2');
const witnesses = ['w1', 'w2'].map((name) => new TestSigner(name, 4));
const keysOf = (signers: readonly TestSigner[]) =>
  signers.map(({ vkey }) => parseVerifierKey(vkey));
const root = Buffer.alloc(32, 7);

describe('a checkpoint', () => {
  test('signed by a key of its log is accepted, also by one it had before', () => {
    const keys = keysOf([log, rotated]);
    for (const signer of [log, rotated]) {
      expect(openCheckpoint(signer.checkpoint(12, root), { keys })).toMatchObject({
        ...{ origin: log.name, size: 12, root, extensions: [] },
      });
    }
  });

  test('of a log by another key, or of another log, is refused', () => {
    refusal('UNSIGNED', () =>
      openCheckpoint(rotated.checkpoint(12, root), { keys: keysOf([log]) }),
    );
    const text = log.checkpoint(12, root).split('\n\n', 1)[0] ?? '';
    refusal('ORIGIN_WRONG', () =>
      openCheckpoint(successor.note(`${text}\n`), { keys: keysOf([successor]) }),
    );
  });

  test('is not vouched for by witnesses alone', () => {
    const [one] = witnesses;
    const text = `${log.name}\n12\n${root.toString('base64')}\n`;
    refusal('UNSIGNED', () =>
      openCheckpoint(one?.note(text) ?? '', {
        keys: keysOf([log]),
        witnesses: keysOf(witnesses),
        quorum: 1,
      }),
    );
  });

  test('needs the witnesses that are asked for', () => {
    const policy = { keys: keysOf([log]), witnesses: keysOf(witnesses) };
    const once = log.checkpoint(12, root, ...witnesses.slice(1));
    const twice = log.checkpoint(12, root, ...witnesses);
    expect(openCheckpoint(twice, policy).signatures).toHaveLength(3);
    expect(openCheckpoint(once, { ...policy, quorum: 1 }).signatures).toHaveLength(2);
    refusal('COSIGNATURES_MISSING', () => openCheckpoint(once, policy));
  });

  test('of an empty tree has the size 0, and one may have more lines', () => {
    const text = `a\n0\n${Buffer.from(EMPTY_ROOT).toString('base64')}\nmore\n`;
    expect(parseCheckpoint(text)).toMatchObject({ size: 0, extensions: ['more'] });
  });

  const hash = root.toString('base64');
  test.each([
    ['a leading zero', `a\n012\n${hash}\n`],
    ['a sign', `a\n+12\n${hash}\n`],
    ['a size with a space', `a\n12 \n${hash}\n`],
    ['a size beyond what can be counted', `a\n9007199254740992\n${hash}\n`],
    ['an overlong size', `a\n${'1'.repeat(400)}\n${hash}\n`],
    ['an overlong root', `a\n12\n${Buffer.alloc(33).toString('base64')}\n`],
    ['a short root', `a\n12\n${Buffer.alloc(31).toString('base64')}\n`],
    ['a root that is not padded', `a\n12\n${hash.replace('=', '')}\n`],
    ['no origin', `\n12\n${hash}\n`],
    ['no root', 'a\n12\n'],
    ['an empty line more', `a\n12\n${hash}\n\n`],
    ['no line break at its end', `a\n12\n${hash}`],
  ])('is refused with %s', (_what, text) => {
    refusal('CHECKPOINT_MALFORMED', () => parseCheckpoint(text));
  });
});
