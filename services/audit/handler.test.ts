import { createPublicKey, verify } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import type { DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pageKeyOfTable } from '@meridian/kit/pages/page-key.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { reasonOf } from '@meridian/kit/testing/reason-of.ts';
import { underContract } from '@meridian/kit/testing/under-contract.ts';
import { ArchiveStore } from './retention/archive-store.ts';
import { AuditService, EntryKind } from './contract/gen/meridian/audit/v1/audit_pb.js';
import { EventStore } from './event-store.ts';
import { auditHandlers } from './handler.ts';
import { hashNode, hashLeaf } from './log/merkle.ts';
import { StoreTrouble } from './publication/store-trouble.ts';
import { ORDERS, someEvent } from './testing/events.ts';
import { LogWorld } from './testing/log-world.ts';
import { placesFrom, PublicationInMemory } from './testing/publication-in-memory.ts';

const { method } = AuditService;
const EVENTS = [
  someEvent('e-1', { version: 1n, causationId: 'request' }),
  someEvent('e-2', { version: 2n, causationId: 'e-1', time: new Date('2026-01-02T04:00:00Z') }),
  someEvent('r-1', { subject: 'o-1/reservation', correlationId: 'o-1', version: 1n }),
];

let world: LogWorld;
let handlers: ReturnType<typeof auditHandlers>;
let publication: PublicationInMemory;
let stoppedBecause: string | undefined;

beforeAll(async () => {
  world = await LogWorld.create();
  const { database } = world.process;
  const events = new EventStore(database);
  publication = new PublicationInMemory();
  handlers = underContract(
    AuditService,
    auditHandlers({
      session: database,
      pages: new PageTokens(pageKeyOfTable(database)),
      archives: new ArchiveStore(database, undefined),
      stoppedBecause: () => stoppedBecause,
      succeed: () => world.succeed(placesFrom(1, publication)),
    }),
  );
  world.sequence(publication);
  await events.add(EVENTS);
  await eventually(async () => {
    const { rows } = await world.superuser.query('SELECT FROM checkpoints WHERE size = 3');
    expect(rows).toHaveLength(1);
  });
}, 90_000);

afterAll(() => world.close());

/** Calls a method as an auditor, or as a task without one. */
async function ask<M extends DescMethodUnary>(
  { localName, input, output }: M,
  request: MessageInitShape<M['input']>,
  auditor: string | null = 'auditor-1',
): Promise<MessageShape<M['output']>> {
  const peer = 'spiffe://meridian.local/ns/meridian/sa/caller';
  const context = auditor === null ? undefined : { subject: auditor };
  const handler = handlers[localName as keyof typeof handlers] as (
    ...given: unknown[]
  ) => Promise<MessageInitShape<M['output']>>;
  const answer = await handler(create(input, request), { peer, context });
  return create(output, answer) as MessageShape<M['output']>;
}

test('a log that goes on has no successor', async () => {
  await expect(ask(method.startSuccessor, {}, null)).rejects.toMatchObject({
    status: 'FAILED_PRECONDITION',
    message: expect.stringMatching(/no sequencer may work while its successor begins/),
  });
});

test('what the checkpoint store says is told to whoever begins a successor', async () => {
  const trouble = new StoreTrouble('away', 'Checkpoint store bucket: must answer, got nothing');
  publication.before = () => {
    throw trouble;
  };
  const refused = ask(method.startSuccessor, {}, null);
  await expect(refused).rejects.toMatchObject({ status: 'ABORTED', message: trouble.message });
  publication.before = () => undefined;
});

test('the newest head is signed, and says why the log takes no more once it does not', async () => {
  const { checkpoint } = await ask(method.getCheckpoint, {});
  expect(checkpoint).toMatchObject({ treeSize: 3n, stoppedBecause: '' });
  const { keys } = await ask(method.listLogKeys, {});
  const [key] = keys;
  const [text = '', signature = ''] = (checkpoint?.note ?? '').split('\n\n');
  const signed = Buffer.from(signature.split(' ')[2] ?? '', 'base64').subarray(4);
  const publicKey = createPublicKey(key?.certificateChain ?? '');
  expect(verify(null, Buffer.from(`${text}\n`), publicKey, signed)).toBe(true);
  expect(key?.vkey.startsWith(`${checkpoint?.origin}+${key.keyId}+`)).toBe(true);
  stoppedBecause = 'restored';
  expect((await ask(method.getCheckpoint, {})).checkpoint?.stoppedBecause).toBe('restored');
  stoppedBecause = undefined;
  const { checkpoints } = await ask(method.listCheckpoints, { minTreeSize: 3n });
  expect(checkpoints.map(({ note }) => note)).toEqual([checkpoint?.note]);
});

test('an entry has its leaf, and proves to be in the tree of the head', async () => {
  const { entry, leaf } = await ask(method.getEntry, { index: 2n });
  expect(entry).toMatchObject({ eventId: 'r-1', kind: EntryKind.EVENT, version: 1n });
  expect(entry?.leafHash).toEqual(hashLeaf(leaf));
  const { leaves } = await ask(method.listLeaves, { startIndex: 1n });
  expect(leaves.map((each) => Buffer.from(each))).toEqual([expect.anything(), Buffer.from(leaf)]);
  const proof = await ask(method.getInclusionProof, { index: 2n });
  const { checkpoint } = await ask(method.getCheckpoint, {});
  const [left = new Uint8Array()] = proof.hashes;
  expect(proof).toMatchObject({ treeSize: 3n, leafHash: entry?.leafHash });
  expect(hashNode(Buffer.from(left), Buffer.from(proof.leafHash))).toEqual(checkpoint?.rootHash);
  const { hashes } = await ask(method.getTile, { level: 0, index: 0n, width: 3 });
  expect(hashes.subarray(64)).toEqual(entry?.leafHash);
  const consistency = await ask(method.getConsistencyProof, { oldTreeSize: 2n });
  expect(consistency).toMatchObject({ newTreeSize: 3n, hashes: [entry?.leafHash] });
});

test('the story of an order has what causes and versions are needed to tell it', async () => {
  const { entries } = await ask(method.listEntries, { correlationId: 'o-1' });
  expect(
    entries.map(({ eventId, causationId, version }) => [eventId, causationId, version]),
  ).toEqual([
    ['e-1', 'request', 1n],
    ['e-2', 'e-1', 2n],
    ['r-1', undefined, 1n],
  ]);
  const at = (time: string) =>
    ask(method.getStateAt, {
      source: ORDERS,
      subject: 'o-1',
      time: timestampFromDate(new Date(time)),
    });
  expect((await at('2026-01-02T03:30:00Z')).entry?.eventId).toBe('e-1');
  expect((await at('2026-01-02T04:00:00Z')).entry?.eventId).toBe('e-2');
  await expect(at('2026-01-01T00:00:00Z')).rejects.toMatchObject({ status: 'NOT_FOUND' });
});

test.each([
  ['an entry beyond the tree', method.getEntry, { index: 99n }, 'OUT_OF_RANGE', /^index .*99/],
  ['a proof beyond it', method.getInclusionProof, { index: 99n }, 'OUT_OF_RANGE', /^index /],
  [
    'a proof for another tree',
    method.getInclusionProof,
    { index: 0n, treeSize: 99n },
    'OUT_OF_RANGE',
    /^tree_size .*99/,
  ],
  [
    'a tree that is larger than the other',
    method.getConsistencyProof,
    { oldTreeSize: 99n },
    'INVALID_ARGUMENT',
    /^old_tree_size /,
  ],
  ['a tile that is not there', method.getTile, { index: 7n }, 'OUT_OF_RANGE', /^index /],
] as const)(
  '%s is refused by the name of its field',
  async (_title, asked, request, status, message) => {
    await expect(ask<DescMethodUnary>(asked, request)).rejects.toMatchObject({
      status,
      message: expect.stringMatching(message),
    });
  },
);

test('a page goes on for the same question of the same auditor, and for nothing else', async () => {
  const first = { correlationId: 'o-1', pageSize: 1 };
  const { nextPageToken: pageToken } = await ask(method.listEntries, first);
  const { entries } = await ask(method.listEntries, { ...first, pageToken });
  expect(entries.map(({ eventId }) => eventId)).toEqual(['e-2']);
  const reasonFor = async (...asked: Parameters<typeof ask<typeof method.listEntries>>) =>
    ask(...asked).then(() => 'none', reasonOf);
  const stale = 'PAGE_TOKEN_STALE';
  expect(await reasonFor(method.listEntries, { subject: 'o-1', pageToken })).toBe(stale);
  expect(await reasonFor(method.listEntries, { ...first, pageToken }, 'another')).toBe(stale);
});

test('each call is recorded once, by whom and what, also one that finds nothing', async () => {
  await ask(method.getEntry, { index: 99n }).catch(() => undefined);
  await ask(method.listEntries, { subject: 'o-1' }, null);
  // A task that reads all of it page by page is known by its other calls.
  await ask(method.listLeaves, {}, null);
  const { reads } = await ask(method.listReads, { pageSize: 3 });
  expect(reads.map(({ reader, method: name, request }) => [reader, name, request])).toEqual([
    ['auditor-1', 'ListReads', '{"pageSize":3}'],
    ['spiffe://meridian.local/ns/meridian/sa/caller', 'ListEntries', '{"subject":"o-1"}'],
    ['auditor-1', 'GetEntry', '{"index":"99"}'],
  ]);
  const own = await ask(method.listReads, { reader: 'auditor-1', pageSize: 2 });
  expect(own.reads.map(({ method: name }) => name)).toEqual(['ListReads', 'ListReads']);
});

test('what cannot be recorded is not answered', async () => {
  await world.superuser.query('ALTER TABLE reads RENAME TO elsewhere');
  try {
    await expect(ask(method.getCheckpoint, {})).rejects.toThrow();
  } finally {
    await world.superuser.query('ALTER TABLE elsewhere RENAME TO reads');
  }
});
