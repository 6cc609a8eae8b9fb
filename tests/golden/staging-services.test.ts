import { globSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { renderPart } from '@meridian/components/kubernetes/render-stack.ts';
import { lowered } from '../charts/lowered-staging.ts';
import { charts } from '../charts/rendered-chart.ts';
import { goldenFile } from './golden-file.ts';

describe('the services of the staging stack', () => {
  test('are all declared, and have a chart each', () => {
    const names = globSync('services/*/service.ts').map((file) => file.split('/')[1]);
    expect(Object.keys(lowered.serviceParts).toSorted()).toEqual(names.toSorted());
    expect([...charts.keys()]).toEqual(names.toSorted());
  });

  // tests/charts/helm.test.ts holds what Helm makes of their charts against the same objects.
  test.each(Object.entries(lowered.serviceParts))(
    'are of %s the objects that were reviewed',
    (name, part) => {
      const text = Object.entries(renderPart(part))
        .map(([file, object]) => `# ${file}\n${object}`)
        .join('---\n');
      const { given, golden } = goldenFile(`staging/${name}.golden.yaml`, text);
      expect(given).toBe(golden);
    },
  );
});
