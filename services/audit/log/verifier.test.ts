import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { openCheckpoint } from '@meridian/verifier/checkpoint.ts';
import { verifyConsistency, verifyInclusion } from '@meridian/verifier/proofs.ts';
import { parseVerifierKey } from '@meridian/verifier/signed-note.ts';
import { MemoryLog } from '@meridian/verifier/testing/memory-log.ts';
import { verifyLog } from '@meridian/verifier/verify-log.ts';
import { encodeLeaf } from '../leaf.ts';
import type { StoredEvent } from '../stored-event.ts';
import { logInMemory } from '../testing/log-in-memory.ts';
import { noteKeyOf } from './checkpoint-note.ts';
import { consistencyRanges, hashLeaf, inclusionRanges } from './merkle.ts';
import { rangeRoot } from './tile-store.ts';

const event = (at: number): StoredEvent => ({
  ...{ kind: 'event', source: 'spiffe://a/ns/b/sa/orders', id: `${at}`, type: 'Placed' },
  ...{ subject: `order-${at % 5}`, version: BigInt(Math.floor(at / 5) + 1), time: new Date(at) },
  ...{ causationId: undefined, correlationId: 'c', data: Buffer.from(`${at}`) },
});

test('the verifier accepts a log of the service, its signed head and proofs of it', async () => {
  const origin = 'meridian.example/audit/1';
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const keys = [parseVerifierKey(noteKeyOf(origin, publicKey).vkey)];
  const sealed = Array.from({ length: 1300 }, (_, at) => event(at));
  const { tree, resources } = logInMemory(sealed, { origin, privateKey });
  const source = new MemoryLog(resources);
  const head = openCheckpoint(resources.get('checkpoint') ?? '', { keys });
  expect(await verifyLog({ source, head })).toMatchObject({
    ...{ leaves: 1300, aggregates: 5, findings: [], incomplete: [] },
  });
  const hashesOf = (ranges: ReturnType<typeof inclusionRanges>) =>
    ranges.map((range) => rangeRoot(tree, range) ?? Buffer.of());
  for (let index = 0; index < sealed.length; index += 13) {
    const path = hashesOf(inclusionRanges(index, head.size));
    verifyInclusion(hashLeaf(encodeLeaf(event(index))), { index, path }, head);
    const size = index + 1;
    const older = { size, root: rangeRoot(tree, { begin: 0, end: size }) ?? Buffer.of() };
    verifyConsistency(older, head, hashesOf(consistencyRanges(size, head.size)));
  }
});
