import { describe, expect, test } from '@jest/globals';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { partsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { renderManifests } from '@meridian/components/kubernetes/render-stack.ts';
import { checkManifest } from '@meridian/provider-rehearsal/schemas/check-manifest.ts';
import { graph, lowered } from '../charts/lowered-staging.ts';
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

  test('are what was reviewed too where PostgreSQL has a bucket of backups and restores from it', () => {
    const place = {
      uri: 'https://s3.example',
      region: 'eu-1',
      bucket: 'meridian-copies',
      networks: ['192.0.2.0/24'],
    };
    const settings = stagingSettings({
      postgresBackup: JSON.stringify({ ...place, archive: 'meridian-2', encryption: 'AES256' }),
      postgresRestoreFrom: '{"archive": "meridian", "time": "2026-11-28T13:30:00Z"}',
    });
    const stack = lowerKubernetes({ graph, settings, version: '0.0.0', migrations: {} });
    const shown =
      /^postgres\/\d+-(objectstore|cluster|scheduledbackup|networkpolicy-meridian-data-postgres)/;
    const { given, golden } = goldenFile(
      'staging/manifests/postgres-restored.golden.yaml',
      Object.entries(renderManifests(stack))
        .filter(([file]) => shown.test(file))
        .map(([file, text]) => `# ${file}\n${text}`)
        .join('---\n'),
    );
    expect(given).toBe(golden);
    for (const { steps } of [stack.cluster, stack.postgres]) {
      const objects = steps.flatMap(({ manifests = [] }) => manifests);
      expect(objects.flatMap((object) => checkManifest(object))).toEqual([]);
    }
  });
});
