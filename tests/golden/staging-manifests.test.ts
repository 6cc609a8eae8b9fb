import { describe, expect, test } from '@jest/globals';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { partsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { renderManifests } from '@meridian/components/kubernetes/render-stack.ts';
import { graph, lowered } from '../charts/rendered-chart.ts';
import { stagingSettings } from '../../stacks/staging.ts';
import { goldenFile } from './golden-file.ts';

const files = Object.entries(renderManifests(lowered));

/** The manifests of a noun in the order in which they are created. */
const manifestsOf = (noun: string): string =>
  files
    .filter(([file]) => file.startsWith(`${noun}/`))
    .map(([file, text]) => `# ${file}\n${text}`)
    .join('---\n');

describe('the manifests of the staging stack', () => {
  // Those of services are in files of their own.
  const nouns = Object.keys(partsOf(lowered)).filter((noun) => noun !== 'services');

  test.each(nouns)('are for %s those that were reviewed', (noun) => {
    const { given, golden } = goldenFile(
      `staging/manifests/${noun}.golden.yaml`,
      manifestsOf(noun),
    );
    expect(given).toBe(golden);
  });

  test('are what was reviewed too where something stands in for the systems outside', () => {
    const externals = Object.fromEntries(
      graph.externals.map(({ name }) => [name, { standIn: true as const }]),
    );
    const settings = { ...stagingSettings({}), externals };
    const stack = lowerKubernetes({ graph, settings, version: '0.0.0', migrations: {} });
    const { given, golden } = goldenFile(
      'staging/manifests/externals-stand-in.golden.yaml',
      Object.entries(renderManifests(stack))
        .filter(([file]) => file.startsWith('externals/'))
        .map(([file, text]) => `# ${file}\n${text}`)
        .join('---\n'),
    );
    expect(given).toBe(golden);
  });
});
