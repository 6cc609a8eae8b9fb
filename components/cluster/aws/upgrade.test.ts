import { describe, expect, test } from '@jest/globals';
import { refuseSkippedVersion } from './upgrade.ts';

describe('an upgrade of Kubernetes', () => {
  test.each([
    ['1.35', '1.35'],
    ['1.35', '1.36'],
    [undefined, '1.36'],
    ['1.35', undefined],
  ])('from %s to %s is one that EKS does', (before, after) => {
    expect(() => {
      refuseSkippedVersion(before, after);
    }).not.toThrow();
  });

  test.each([
    ['1.34', '1.36'],
    ['1.36', '1.35'],
  ])('from %s to %s is refused before anything is changed', (before, after) => {
    expect(() => {
      refuseSkippedVersion(before, after);
    }).toThrow(new RegExp(`the cluster is at '${before}'.*got '${after}'`));
  });
});
