import { describe, expect, test } from '@jest/globals';
import { charts, withDefaults } from '../charts/rendered-chart.ts';
import { goldenFile } from './golden-file.ts';

describe('the charts of the staging stack', () => {
  test('are of the seven services', () => {
    expect([...charts.keys()]).toEqual([
      'audit',
      'catalog',
      'gateway',
      'identity',
      'orders',
      'payments',
      'search',
    ]);
  });

  test.each([...charts])('give for %s the manifests that were reviewed', (name, chart) => {
    const { given, golden } = goldenFile(`staging/${name}.golden.yaml`, withDefaults(chart));
    expect(given).toBe(golden);
  });
});
