import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AggregateVersions } from './aggregate-versions.ts';
import type { Incompleteness } from './findings.ts';
import type { Leaf } from './leaf.ts';
import { decodeLeaf, encodeLeaf } from './leaf.ts';
import { someEvent } from './testing/memory-log.ts';

const event = (subject: string, version?: number, kind: Leaf['kind'] = 'event'): Leaf =>
  decodeLeaf(encodeLeaf({ ...someEvent(0), subject, version, kind }));

function reportOf(leaves: readonly Leaf[]): readonly Incompleteness[] {
  const found: Incompleteness[] = [];
  const versions = new AggregateVersions((each) => found.push(each));
  leaves.forEach((leaf, index) => versions.add(leaf, index));
  versions.finish();
  return found;
}

describe('the versions of an aggregate', () => {
  test('are whole from 1 on, in any order', () => {
    const orders = fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 8 });
    const property = fc.property(orders, (order) => {
      expect(reportOf(order.map((version) => event('a', version)))).toEqual([]);
    });
    fc.assert(property);
  });

  test('that are missing are reported with the leaf behind them, each gap once', () => {
    const leaves = [3, 4, 9, 8].map((version) => event('a', version));
    expect(reportOf([...leaves, event('b', 1)])).toMatchObject([
      { kind: 'gap', subject: 'a', first: 1, last: 2, before: 0 },
      { kind: 'gap', subject: 'a', first: 5, last: 7, before: 3 },
    ]);
  });

  test('that come twice are reported, also beside a gap', () => {
    const leaves = [1, 1, 5, 5].map((version) => event('a', version));
    expect(reportOf(leaves)).toMatchObject([
      { kind: 'repeated', version: 1, index: 1 },
      { kind: 'repeated', version: 5, index: 3 },
      { kind: 'gap', first: 2, last: 4 },
    ]);
  });

  test('begin with a baseline, before or after events that it stands for', () => {
    const baseline = event('a', 4, 'baseline');
    expect(reportOf([baseline, event('a', 5)])).toEqual([]);
    expect(reportOf([event('a', 5), event('a', 3), baseline, event('a', 2)])).toEqual([]);
    expect(reportOf([baseline, event('a', 6)])).toMatchObject([{ first: 5, last: 5, before: 1 }]);
  });

  test('are of one source and subject, and events without a version have none', () => {
    const elsewhere = { ...event('a', 1), source: 'spiffe://elsewhere' };
    expect(reportOf([event('a', 1), elsewhere, event('a'), event('b', 1)])).toEqual([]);
  });
});
