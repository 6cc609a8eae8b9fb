import { expect, test } from '@jest/globals';
import { hashLeaf } from '@meridian/verifier/hashing.ts';
import { parseVerifierKey } from '@meridian/verifier/signed-note.ts';
import { headsOf, someLeaves } from '@meridian/verifier/testing/memory-log.ts';
import { TestSigner } from '@meridian/verifier/testing/test-signer.ts';
import { checkedProofs } from './sealed-events.ts';

test('an entry whose data has moved to an archive is proven by the hash of its leaf', () => {
  const leaves = someLeaves(2);
  const [first, second] = leaves.map((leaf) => hashLeaf(leaf));
  if (first === undefined || second === undefined) throw new Error('no leaves');
  const signer = new TestSigner('meridian.example/audit/1');
  const checkpoint = signer.checkpoint(2, headsOf(leaves, [2])[0]?.root ?? new Uint8Array());
  // What is shown of it has no data.
  const shown = { index: 0, path: [second], extra: Buffer.from('shown'), checkpoint };
  const proofOf = (hash: Uint8Array, archived = true) => {
    const entry = { index: 0, archived, leafHash: Buffer.from(hash).toString('base64') };
    return checkedProofs([entry], [shown], [parseVerifierKey(signer.vkey)]).get(0);
  };
  expect(proofOf(first)).toEqual({ entry: 0, treeSize: 2 });
  const unproven = { entry: 0, problem: expect.any(String) as unknown };
  expect(proofOf(second)).toEqual(unproven);
  expect(proofOf(first, false)).toEqual(unproven);
});
