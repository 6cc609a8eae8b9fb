import { describe, expect, test } from '@jest/globals';
import { chartedService, sampleCluster } from '@meridian/components/testing/sample-cluster.ts';
import { parsePins, pinnedDigests, recordedPins } from './pins.ts';
import type { Pin } from './pins.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const other = `sha256:${'f'.repeat(64)}`;

const door: Pin = {
  kind: 'image',
  name: 'door',
  reference: 'registry.example/sample/door:1.2.3',
  digest,
};

describe('recorded digests', () => {
  test('are read as they were written', () => {
    expect(parsePins([door])).toEqual([door]);
    expect(recordedPins().map(({ name }) => name)).toContain('base');
  });

  test('are of one kind, and only those that were found', () => {
    const unresolved: Pin = { ...door, name: 'shelf', reference: 'shelf', digest: 'unresolved' };
    const chart: Pin = { ...door, kind: 'chart', reference: 'chart' };
    const pins = [door, unresolved, chart];
    expect(pinnedDigests(pins)).toEqual({ [door.reference]: digest, chart: digest });
  });

  test.each([
    [{ ...door, digest: 'latest' }],
    [{ ...door, kind: 'binary' }],
    [{ ...door, reference: undefined }],
    ['door'],
    [null],
  ])('are refused when they are none: %p', (entry) => {
    expect(() => parsePins([door, entry])).toThrow(
      expect.objectContaining({
        code: 'PINS_INVALID',
        message: expect.stringMatching(
          /^Pin 1: must have .*write stacks\/pins\.json with/,
        ) as unknown,
      }),
    );
  });

  test('are refused as anything but a list', () => {
    expect(() => parsePins({ pins: [door] })).toThrow(/^Pin 0: must have /);
  });
});

describe('the image of a service', () => {
  const pins = pinnedDigests([door]);

  test('has the digest that was recorded for its registry and version', () => {
    expect(chartedService(sampleCluster({ pins }), 'door').image.digest).toBe(digest);
    expect(chartedService(sampleCluster({ pins }), 'shelf').image.digest).toBe('unresolved');
  });

  test('is unresolved in another registry, whose image may be another one', () => {
    const moved = sampleCluster({ pins, registry: 'registry.test/sample' });
    expect(chartedService(moved, 'door').image.digest).toBe('unresolved');
  });

  test('has the digest of the setting first', () => {
    const set = sampleCluster({ pins, images: { door: other } });
    expect(chartedService(set, 'door').image.digest).toBe(other);
  });
});
