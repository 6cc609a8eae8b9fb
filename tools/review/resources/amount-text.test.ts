import { expect, test } from '@jest/globals';
import { amountText } from './amount-text.ts';

test.each([
  ['spec.config["retention.ms"]', 2_592_000_000, '30 days'],
  ['spec.config["retention.ms"]', '691200000', '8 days'],
  ['spec.duration', '87600h0m0s', '3650 days'],
  ['spec.duration', '876h0m0s', '36.5 days'],
  ['group_wait', '5s', '5 seconds'],
  ['group_wait', '3h', '3 hours'],
  ['timeoutMs', 250, '250 ms'],
  ['spec.terminationGracePeriodSeconds', 90, '90 seconds'],
  ['config.segment.bytes', 1_073_741_824, '1 GiB'],
  ['storage.size', '20Gi', '20 GiB'],
  ['retentionSize', '1536MiB', '1.5 GiB'],
  ['spec.config["retention.ms"]', -1, undefined],
  ['spec.replicas', 3, undefined],
  ['spec.schedule', '0 3 * * *', undefined],
])('of %s %p is told as %p', (property, value, text) => {
  expect(amountText(property, value)).toBe(text);
});
