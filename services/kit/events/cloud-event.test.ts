import { expect, test } from '@jest/globals';
import { CLOUD_EVENT_HEADERS, cloudEventHeaders, readCloudEvent } from './cloud-event.ts';

const context = {
  id: 'e-1',
  source: 'spiffe://meridian.local/ns/meridian/sa/shop',
  type: 'meridian.shop.v1.Sold',
  subject: 'p-1/stock',
  time: new Date('2026-01-02T03:04:05.678Z'),
  causationId: undefined,
  correlationId: 'o-1',
  aggregateVersion: 9_007_199_254_740_993n,
};

test('what is written of an event is read again, its version whole', () => {
  expect(readCloudEvent(cloudEventHeaders(context))).toEqual(context);
});

test('an event of an earlier program has no version', () => {
  const { aggregateVersion, ...earlier } = context;
  expect(aggregateVersion).toBeDefined();
  expect(readCloudEvent(cloudEventHeaders(earlier)).aggregateVersion).toBeUndefined();
});

test.each(['0', '-1', '1.0', '01', '1e3', ' 1', '', '9'.repeat(19)])(
  'a version that is none is refused: %j',
  (version) => {
    const headers = {
      ...cloudEventHeaders(context),
      [CLOUD_EVENT_HEADERS.aggregateVersion]: version,
    };
    expect(() => readCloudEvent(headers)).toThrow(/ce_aggregateversion must be a whole number/);
  },
);
