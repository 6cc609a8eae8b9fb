import { describe, expect, test } from '@jest/globals';
import { decodeLeaf, encodeLeaf as encodeAsVerified } from '@meridian/verifier/leaf.ts';
import { encodeLeaf, MAX_LEAF_BYTES } from './leaf.ts';
import { MAX_TEXT_BYTES, isStorable } from './stored-event.ts';
import type { StoredEvent } from './stored-event.ts';
import { someEvent } from './testing/events.ts';

/** The leaf that the verifier makes of the same event. */
function verified(event: StoredEvent): Uint8Array {
  const { causationId, correlationId, version, time, ...rest } = event;
  return encodeAsVerified({
    ...rest,
    version: version === undefined ? undefined : Number(version),
    time: time.toISOString(),
    causation: causationId,
    correlation: correlationId,
  });
}

const WHOLE = someEvent('e-1', { version: 7n, causationId: 'e-0', data: Buffer.from('döta') });

describe('a leaf', () => {
  test.each<readonly [string, StoredEvent]>([
    ['of a whole event', WHOLE],
    ['of one without version and cause', someEvent('e-2')],
    ['of one with an empty cause', someEvent('e-2', { causationId: '' })],
    ['of a baseline', someEvent('e-3', { kind: 'baseline' })],
    ['of a record that cannot be read', someEvent('0/7', { kind: 'unreadable', type: '' })],
    ['of one with too much data', someEvent('e-4', { data: Buffer.alloc(MAX_LEAF_BYTES, 1) })],
  ])('%s is the one that the verifier makes', (_, event) => {
    expect(encodeLeaf(event).toString('hex')).toBe(Buffer.from(verified(event)).toString('hex'));
  });

  test('differs with every attribute', () => {
    const changes: Partial<StoredEvent>[] = [
      ...[{ kind: 'baseline' } as const, { source: 'x' }, { id: 'x' }, { type: 'x' }],
      ...[{ subject: 'x' }, { version: 8n }, { version: undefined }, { causationId: undefined }],
      ...[{ causationId: 'x' }, { correlationId: 'x' }, { data: Buffer.from('x') }],
      { time: new Date(WHOLE.time.getTime() + 1) },
    ];
    const leaves = changes.map((change) => encodeLeaf({ ...WHOLE, ...change }).toString('hex'));
    expect(new Set([...leaves, encodeLeaf(WHOLE).toString('hex')]).size).toBe(changes.length + 1);
  });

  test('has room for the longest event that is storable', () => {
    const text = 'x'.repeat(MAX_TEXT_BYTES);
    const longest: StoredEvent = {
      ...{ kind: 'unreadable', source: text, id: text, type: text, subject: text },
      ...{ causationId: text, correlationId: text, version: 2n ** 53n - 1n },
      ...{ time: new Date('9999-12-31T23:59:59.999Z'), data: Buffer.alloc(1_000_000) },
    };
    expect(isStorable(longest)).toBe(true);
    expect(decodeLeaf(encodeLeaf(longest)).dataIsHash).toBe(true);
  });
});

test.each<readonly [string, Partial<StoredEvent>]>([
  ['a text that is too long for an index', { subject: 'x'.repeat(MAX_TEXT_BYTES + 1) }],
  ['a zero byte', { correlationId: 'a\0b' }],
  ['version 0', { version: 0n }],
  ['a version that no number counts exactly', { version: 2n ** 53n }],
  ['no time', { time: new Date(NaN) }],
  ['a time beyond year 9999', { time: new Date(Date.UTC(10_000, 0, 1)) }],
])('an event with %s is not storable', (_, change) => {
  expect(isStorable(WHOLE)).toBe(true);
  expect(isStorable({ ...WHOLE, ...change })).toBe(false);
});
