import { describe, expect, test } from '@jest/globals';
import { partsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { renderManifests } from '@meridian/components/kubernetes/render-stack.ts';
import { lowered } from '../charts/rendered-chart.ts';
import { goldenFile } from './golden-file.ts';

const files = Object.entries(renderManifests(lowered));

/** The manifests of a noun in the order in which they are created. */
const manifestsOf = (noun: string): string =>
  files
    .filter(([file]) => file.startsWith(`${noun}/`))
    .map(([file, text]) => `# ${file}\n${text}`)
    .join('---\n');

describe('the manifests of the staging stack', () => {
  test.each(Object.keys(partsOf(lowered)))('are for %s those that were reviewed', (noun) => {
    const { given, golden } = goldenFile(
      `staging/manifests/${noun}.golden.yaml`,
      manifestsOf(noun),
    );
    expect(given).toBe(golden);
  });
});
