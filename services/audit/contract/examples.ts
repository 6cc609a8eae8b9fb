import { exampleId, SOME_TIME, used, varying } from '@meridian/kit/contract/example.ts';
import type { Examples } from '@meridian/kit/contract/example.ts';
import type { AuditService } from './gen/meridian/audit/v1/audit_pb.js';

const orderId = exampleId('order');
const source = used('spiffe://meridian.example/ns/meridian/sa/orders');
const index = used('1207');
const size = used('1250');
const SOME_HASH = 'mPn2b4nqDRcGXq8bnJyTDMwKx3oMdsLd3DC0qUgCcGE=';
const HASH = varying(SOME_HASH);
const NOTE = varying(
  'meridian.example/audit/1\n1250\n85vu5S8DLLG8Q9gW2sj6SmEMcH7eGRvyhg46JHAkTbM=\n\n— meridian.example/audit/1 yPzTJvR8\n',
);

const placed = {
  index,
  kind: 'ENTRY_KIND_EVENT',
  eventId: varying('01993c5e-8f1a-7c3e-9d51-2f6c8a4b7e10'),
  source,
  type: 'meridian.orders.v1.OrderPlaced',
  subject: orderId,
  version: '1',
  eventTime: SOME_TIME,
  causationId: varying('01993c5e-8e02-7b11-8f3a-6d2e9c1b5a47'),
  correlationId: orderId,
  data: varying('CqkBCiQwMTk5M2M1ZS04ZjE5'),
  dataJson: varying('{"order":{"orderId":"01993c5e-8f19-7aa0-b1c4-5e8d7f2a9c36","version":"1"}}'),
  leafHash: HASH,
  archived: false,
};

const checkpoint = {
  origin: varying('meridian.example/audit/1'),
  treeSize: size,
  rootHash: HASH,
  note: NOTE,
  signTime: SOME_TIME,
  stoppedBecause: '',
};

/** What an auditor is shown of an order, and what proves it. */
export const examples: Examples<typeof AuditService> = {
  listEntries: [
    {
      name: 'order',
      summary: 'An auditor lists how an order began: the first entry that belongs to it.',
      as: 'auditor',
      request: { correlationId: orderId, type: placed.type, pageSize: 1 },
      response: { entries: [placed], nextPageToken: '' },
      gives: [index, source],
      after: ['GetOrder/confirmed'],
    },
  ],
  getEntry: [
    {
      name: 'placed',
      summary: 'The entry of an order that was placed, with its leaf.',
      as: 'auditor',
      request: { index },
      response: { entry: placed, leaf: varying('bWVyaWRpYW4uYXVkaXQubGVhZi52MQo=') },
    },
  ],
  getStateAt: [
    {
      name: 'last',
      summary: 'What the order is at a time: the last that was told of it by then.',
      as: 'auditor',
      request: { source, subject: orderId, time: '2200-01-01T00:00:00Z' },
      response: {
        ...placed,
        index: varying('1242'),
        type: 'meridian.orders.v1.OrderChanged',
        version: varying('8'),
      },
      after: ['CancelOrder'],
    },
  ],
  getCheckpoint: [
    {
      name: 'newest',
      summary: 'The newest published head of the log.',
      as: 'auditor',
      request: {},
      response: checkpoint,
      gives: [size],
      after: ['ListEntries'],
    },
  ],
  listCheckpoints: [
    {
      name: 'from',
      summary: 'The heads that were published, from a size on, a page at a time.',
      as: 'auditor',
      // Of the newest head there is no next page until another one is published.
      request: { minTreeSize: '1', pageSize: 1 },
      response: {
        checkpoints: [{ ...checkpoint, treeSize: varying('3') }],
        nextPageToken: varying('AuZk…'),
      },
    },
  ],
  listLogKeys: [
    {
      name: 'all',
      summary: 'The keys that heads are signed with.',
      as: 'auditor',
      request: {},
      response: {
        keys: varying([
          {
            keyId: 'c8fcd326',
            vkey: 'meridian.example/audit/1+c8fcd326+AVW3y9',
            certificateChain: '-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n',
            since: '2026-11-27T10:15:30.123Z',
          },
        ]),
        nextPageToken: '',
      },
    },
  ],
  getInclusionProof: [
    {
      name: 'order',
      summary: 'A proof that the entry is in the tree of the newest head.',
      as: 'auditor',
      request: { index },
      response: {
        treeSize: varying('1250'),
        leafHash: HASH,
        hashes: varying([SOME_HASH]),
      },
    },
  ],
  getConsistencyProof: [
    {
      name: 'first',
      summary: 'A proof that the tree begins with the one that had a single entry.',
      as: 'auditor',
      request: { oldTreeSize: '1', newTreeSize: size },
      response: { newTreeSize: size, hashes: varying([SOME_HASH]) },
    },
  ],
  getTile: [
    {
      name: 'first',
      summary: 'Hashes of the first leaves, to compare with what was hashed of them.',
      as: 'auditor',
      request: { level: 0, index: '0', width: 2 },
      response: {
        hashes: varying(
          'mPn2b4nqDRcGXq8bnJyTDMwKx3oMdsLd3DC0qUgCcGGY+fZvieoNFwZerxucnJMMzArHegx2wt3cMLSpSAJwYQ==',
        ),
      },
    },
  ],
  listLeaves: [
    {
      name: 'one',
      summary: 'The leaf of an entry, as it is hashed.',
      as: 'auditor',
      request: { startIndex: index, pageSize: 1 },
      response: { leaves: varying(['bWVyaWRpYW4uYXVkaXQubGVhZi52MQo=']) },
    },
  ],
  listReads: [
    {
      name: 'newest',
      summary: 'Who read what of the log.',
      as: 'auditor',
      request: { pageSize: 1 },
      response: {
        reads: varying([
          {
            position: '318',
            reader: '01993c41-2b7e-7d05-a3f8-9c1e5b2d7f60',
            method: 'ListReads',
            request: '{"pageSize":1}',
            readTime: '2026-11-27T10:15:30.123Z',
          },
        ]),
        nextPageToken: varying('AtQx…'),
      },
      after: ['ListEntries'],
    },
  ],
};
