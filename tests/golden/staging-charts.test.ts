import { globSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { charts, withDefaults } from '../charts/rendered-chart.ts';
import { goldenFile } from './golden-file.ts';

describe('the charts of the staging stack', () => {
  test('are of every service', () => {
    const names = globSync('services/*/service.ts').map((file) => file.split('/')[1]);
    expect([...charts.keys()]).toEqual(names.sort());
  });

  test.each([...charts])('give for %s the manifests that were reviewed', (name, chart) => {
    const { given, golden } = goldenFile(`staging/${name}.golden.yaml`, withDefaults(chart));
    expect(given).toBe(golden);
  });
});
