import { describe, expect, test } from '@jest/globals';
import { cpuQuantity, memoryQuantity } from './quantities.ts';

describe('quantities are as Kubernetes writes them itself', () => {
  test.each([
    [50, '50m'],
    [1_000, '1'],
    [1_500, '1500m'],
    [20_000, '20'],
  ])('%d millicores are %s', (millicores, text) => {
    expect(cpuQuantity(millicores)).toBe(text);
  });

  test.each([
    [256, '256Mi'],
    [1_024, '1Gi'],
    [1_536, '1536Mi'],
    [65_536, '64Gi'],
  ])('%d mebibytes are %s', (mebibytes, text) => {
    expect(memoryQuantity(mebibytes)).toBe(text);
  });
});
