import { describe, expect, test } from '@jest/globals';
import { checkProofFile, formatProofFile, parseProofFile } from './proof-file.ts';
import { parseVerifierKey } from './signed-note.ts';
import { ReferenceTree } from './testing/reference-tree.ts';
import { TestSigner } from './testing/test-signer.ts';

const refusal = (code: string, work: () => unknown): void => {
  expect(work).toThrow(expect.objectContaining({ name: 'VerificationError', code }));
};

const leaves = Array.from({ length: 11 }, (_, at) => Buffer.from(`leaf ${at}`));
const tree = new ReferenceTree(leaves);
const log = new TestSigner('meridian.example/audit/1');
const policy = { keys: [parseVerifierKey(log.vkey)] };

function proofOf(index: number, size: number, leaf = leaves[index]): string {
  return formatProofFile({
    extra: leaf,
    index,
    path: tree.inclusion(index, size),
    checkpoint: log.checkpoint(size, tree.root(size)),
  });
}

describe('a proof file', () => {
  test('proves its leaf, and is written as it was read', () => {
    const file = proofOf(6, 11);
    expect(file).toMatch(
      /^c2sp\.org\/tlog-proof@v1\nextra [^\n]+\nindex 6\n([^\n]{44}\n){4}\nmeridian/,
    );
    const proven = checkProofFile(Buffer.from(file), policy);
    expect(proven).toMatchObject({ index: 6, checkpoint: { size: 11, origin: log.name } });
    expect(Buffer.from(proven.leaf).toString()).toBe('leaf 6');
    expect(formatProofFile(parseProofFile(file))).toBe(file);
  });

  test('of the only leaf has no hashes, and one without its leaf proves one that is given', () => {
    const file = proofOf(0, 1).replace(/extra .*\n/, '');
    expect(checkProofFile(file, policy, leaves[0]).index).toBe(0);
    refusal('PROOF_WRONG', () => checkProofFile(file, policy, leaves[1]));
    refusal('PROOF_MALFORMED', () => checkProofFile(file, policy));
  });

  test('is refused for another leaf, index, tree or signature', () => {
    const file = proofOf(6, 11);
    refusal('PROOF_WRONG', () => checkProofFile(proofOf(6, 11, leaves[5]), policy));
    refusal('PROOF_WRONG', () => checkProofFile(file.replace('index 6', 'index 7'), policy));
    refusal('INDEX_BEYOND_TREE', () => checkProofFile(file.replace('index 6', 'index 11'), policy));
    refusal('SIGNATURE_WRONG', () => checkProofFile(file.replace('\n11\n', '\n12\n'), policy));
    const other = log.checkpoint(10, tree.root(10));
    refusal('PROOF_WRONG', () =>
      checkProofFile(file.slice(0, file.indexOf('\n\n') + 2) + other, policy),
    );
    const namesake = { keys: [parseVerifierKey(new TestSigner(log.name).vkey)] };
    refusal('UNSIGNED', () => checkProofFile(file, namesake));
  });

  const file = proofOf(6, 11);
  test.each([
    ['of nothing', ''],
    ['of another version', file.replace('@v1', '@v2')],
    ['without an index', file.replace('index 6\n', '')],
    ['with an index that begins with 0', file.replace('index 6', 'index 06')],
    ['with a hash that is too short', file.replace('index 6\n', 'index 6\nAAAA\n')],
    [
      'with too many hashes',
      file.replace('index 6\n', `index 6\n${`${'A'.repeat(43)}=\n`.repeat(65)}`),
    ],
    ['with extra that is not base64', file.replace(/extra ./, 'extra !')],
    ['without a checkpoint', file.slice(0, file.indexOf('\n\n'))],
  ])('is refused %s', (_what, text) => {
    refusal('PROOF_MALFORMED', () => parseProofFile(text));
  });
});
