import { test } from '@jest/globals';
import { hashLeaf } from '../../verifier/hashing.ts';
import { verifyConsistency, verifyInclusion } from '../../verifier/proofs.ts';
import { ReferenceTree } from '../../verifier/testing/reference-tree.ts';
import { tamperedLog, tamperRandomly } from '../../verifier/testing/tampering.ts';

const minutes = 60_000;

test(
  'of 10,000 random changes of a log each is detected, and its place named',
  async () => {
    await tamperRandomly(tamperedLog(1300), { times: 9000, seed: 2 });
    await tamperRandomly(tamperedLog(1792), { times: 800, seed: 3 });
    // A third level of tiles.
    await tamperRandomly(tamperedLog(70_000), { times: 200, seed: 4 });
  },
  30 * minutes,
);

test(
  'every leaf of every tree up to 1,000 leaves is proven, and every growth of one',
  () => {
    const leaves = Array.from({ length: 1000 }, (_, at) => Buffer.from(`${at}`));
    const hashes = leaves.map(hashLeaf);
    const tree = new ReferenceTree(leaves);
    for (let size = 1; size <= leaves.length; size += 1) {
      const head = { size, root: tree.root(size) };
      for (const [index, hash] of hashes.slice(0, size).entries()) {
        verifyInclusion(hash, { index, path: tree.inclusion(index, size) }, head);
        const older = { size: index, root: tree.root(index) };
        verifyConsistency(older, head, tree.consistency(index, size));
      }
    }
  },
  30 * minutes,
);
