import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { openCheckpoint } from '@meridian/verifier/checkpoint.ts';
import { decodeLeaf, encodeLeaf as verifiersLeaf, hasData } from '@meridian/verifier/leaf.ts';
import { verifyConsistency, verifyInclusion } from '@meridian/verifier/proofs.ts';
import { parseVerifierKey } from '@meridian/verifier/signed-note.ts';
import { MemoryLog } from '@meridian/verifier/testing/memory-log.ts';
import { verifyLog } from '@meridian/verifier/verify-log.ts';
import fc from 'fast-check';
import { encodeLeaf } from '../leaf.ts';
import type { StoredEvent } from '../stored-event.ts';
import { isStorable } from '../stored-event.ts';
import { logInMemory } from '../testing/log-in-memory.ts';
import { noteKeyOf } from './checkpoint-note.ts';
import { consistencyRanges, hashLeaf, inclusionRanges } from './merkle.ts';
import { rangeRoot } from './tile-store.ts';

const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());
const events: fc.Arbitrary<StoredEvent> = fc
  .record({
    ...{ source: text, id: text, type: text, subject: text, correlationId: text },
    kind: fc.constantFrom('event', 'baseline', 'unreadable'),
    version: fc.option(fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }), { nil: undefined }),
    time: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }),
    causationId: fc.option(text, { nil: undefined }),
    data: fc.uint8Array(),
  })
  .filter(isStorable);

const event = (at: number): StoredEvent => ({
  ...{ kind: 'event', source: 'spiffe://a/ns/b/sa/orders', id: `${at}`, type: 'Placed' },
  ...{ subject: `order-${at % 5}`, version: BigInt(Math.floor(at / 5) + 1), time: new Date(at) },
  ...{ causationId: undefined, correlationId: 'c', data: Buffer.from(`${at}`) },
});

/** What the service writes, read by the verifier, which shares no code with it. */
describe('a stranger', () => {
  test('reads of a leaf what was sealed, and would have written the same', () => {
    const property = fc.property(events, ({ causationId, correlationId, ...sealed }) => {
      const leaf = encodeLeaf({ ...sealed, causationId, correlationId });
      const same = {
        ...{
          ...sealed,
          version: sealed.version === undefined ? undefined : Number(sealed.version),
        },
        ...{ time: sealed.time.toISOString(), causation: causationId, correlation: correlationId },
      };
      expect(Buffer.from(verifiersLeaf(same))).toEqual(leaf);
      const { dataIsHash, data, ...read } = decodeLeaf(leaf);
      expect({ ...read, data: Buffer.from(data) }).toEqual({ ...same, data: Buffer.from(data) });
      expect([dataIsHash, hasData(decodeLeaf(leaf), sealed.data)]).toEqual([false, true]);
    });
    fc.assert(property);
  });

  test('reads the hash of data that is too long for a leaf', () => {
    const data = Buffer.alloc(70_000, 1);
    const leaf = decodeLeaf(encodeLeaf({ ...event(0), data }));
    expect([leaf.dataIsHash, leaf.kind, hasData(leaf, data)]).toEqual([true, 'event', true]);
  });

  test('accepts a log, its signed head and proofs of it', async () => {
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
});
