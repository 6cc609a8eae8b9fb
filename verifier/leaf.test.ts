import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LeafContent } from './leaf.ts';
import { decodeLeaf, decodeShown, encodeLeaf, hasData, isArchived } from './leaf.ts';

const refusal = (work: () => unknown): void => {
  expect(work).toThrow(
    expect.objectContaining({ name: 'VerificationError', code: 'LEAF_MALFORMED' }),
  );
};

const content: LeafContent = {
  ...{
    kind: 'event',
    source: 'spiffe://a/ns/b/sa/orders',
    id: '1',
    type: 'Placed',
    subject: 'order',
  },
  ...{ version: 3, time: '2026-01-31T12:00:00.123Z', causation: undefined, correlation: 'c' },
  data: Buffer.of(1, 2),
};

const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());
const contents: fc.Arbitrary<LeafContent> = fc.record({
  ...{ source: text, id: text, type: text, subject: text, correlation: text },
  kind: fc.constantFrom('event', 'baseline', 'unreadable'),
  version: fc.option(fc.integer({ min: 1 }), { nil: undefined }),
  time: fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
    .map((date) => date.toISOString()),
  causation: fc.option(text, { nil: undefined }),
  data: fc.uint8Array(),
});

describe('a leaf', () => {
  test('is written as the format says', () => {
    const field = (value: string): string =>
      Buffer.concat([Buffer.of(0, 0, 0, value.length), Buffer.from(value)]).toString('latin1');
    expect(Buffer.from(encodeLeaf(content)).toString('latin1')).toBe(
      [
        'meridian.audit.leaf.v1\n',
        ...['event', 'spiffe://a/ns/b/sa/orders', '1', 'Placed', 'order', '3'].map(field),
        ...[field('2026-01-31T12:00:00.123Z'), '\xff\xff\xff\xff', field('c'), field('\x01\x02')],
      ].join(''),
    );
  });

  test('is read as it was written, whatever it says', () => {
    const property = fc.property(contents, (written) => {
      const { dataIsHash, data, ...read } = decodeLeaf(encodeLeaf(written));
      const { data: given, ...rest } = written;
      expect(dataIsHash).toBe(false);
      expect(read).toEqual(rest);
      expect(Buffer.from(data)).toEqual(Buffer.from(given));
    });
    fc.assert(property);
  });

  test('that lacks its data is read as what is shown of one, and is none', () => {
    const hash = Buffer.alloc(32, 7);
    const shown = encodeLeaf({
      ...content,
      kind: 'event+archived' as LeafContent['kind'],
      data: hash,
    });
    expect(isArchived(shown)).toBe(true);
    expect(decodeShown(shown)).toMatchObject({ kind: 'event', version: 3, archived: true });
    refusal(() => decodeLeaf(shown));
    expect([encodeLeaf(content), shown.subarray(0, 40), Buffer.of()].some(isArchived)).toBe(false);
  });

  test('differs with each of its fields, also where text moves from one to the next', () => {
    const others: readonly LeafContent[] = [
      { ...content, kind: 'baseline' },
      { ...content, source: `${content.source}1`, id: '' },
      { ...content, type: 'PlacedO', subject: 'rder' },
      { ...content, version: undefined },
      { ...content, time: '2026-01-31T12:00:00.124Z' },
      { ...content, causation: '' },
      { ...content, causation: 'c', correlation: '' },
      { ...content, data: Buffer.of(1) },
    ];
    const written = [content, ...others].map((each) =>
      Buffer.from(encodeLeaf(each)).toString('hex'),
    );
    expect(new Set(written).size).toBe(written.length);
  });

  test('has the hash of data that is too long for an entry bundle, and only then', () => {
    const fits = 65_535 - encodeLeaf({ ...content, data: Buffer.of() }).length;
    const [whole, long] = [Buffer.alloc(fits, 1), Buffer.alloc(fits + 1, 1)];
    expect(encodeLeaf({ ...content, data: whole })).toHaveLength(65_535);
    const leaf = decodeLeaf(encodeLeaf({ ...content, data: long }));
    expect(leaf).toMatchObject({ kind: 'event', dataIsHash: true });
    expect([hasData(leaf, long), hasData(leaf, whole)]).toEqual([true, false]);
    refusal(() => encodeLeaf({ ...content, subject: 'x'.repeat(65_535) }));
  });

  const written = Buffer.from(encodeLeaf(content));
  test.each([
    ['that is empty', Buffer.of()],
    ['of another format', Buffer.from(written.toString('latin1').replace('v1', 'v2'), 'latin1')],
    ['with a byte more', Buffer.concat([written, Buffer.of(0)])],
    [
      'of another kind',
      Buffer.from(written.toString('latin1').replace('event', 'evens'), 'latin1'),
    ],
    ['with a version that begins with 0', encodeLeaf({ ...content, version: 0 })],
    ['with a time without milliseconds', encodeLeaf({ ...content, time: '2026-01-31T12:00:00Z' })],
    ['with a hash of another length', encodeLeaf({ ...content, kind: 'event+sha256' as 'event' })],
    [
      'that is not UTF-8',
      Buffer.from(written.toString('latin1').replace('order', 'o\xffder'), 'latin1'),
    ],
  ])('is refused %s', (_what, leaf) => {
    refusal(() => decodeLeaf(leaf));
  });

  test('is refused wherever it is cut', () => {
    for (let length = 0; length < written.length; length += 1) {
      refusal(() => decodeLeaf(written.subarray(0, length)));
    }
  });
});
