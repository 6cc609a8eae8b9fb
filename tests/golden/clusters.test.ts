import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { renderManifests } from '@meridian/components/kubernetes/render-stack.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { parse } from 'yaml';
import { platform } from '../../infra/platform-graph.ts';
import { stagingSettings } from '../../stacks/staging.ts';
import { goldenFile } from './golden-file.ts';

/** What differs from cluster to cluster: who asks DNS, who asks the API server as well, and what needs a quota. */
const SHOWN = [
  /^cluster\/\d+-networkpolicy-meridian-default-deny/,
  /^cluster\/\d+-resourcequota-spiffe-driver-/,
  /^postgres\/\d+-networkpolicy-meridian-data-postgres/,
  /^kafka\/\d+-networkpolicy-meridian-data-meridian-kafka-entity-operator/,
];

const examples = globSync('docs/clusters/*.yaml').toSorted();

/** The settings of an example, as Pulumi hands them to the program. */
function settingsOf(file: string): Readonly<Record<string, string>> {
  const { config } = parse(readFileSync(file, 'utf8')) as {
    readonly config: Readonly<Record<string, string>>;
  };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace('meridian:', ''), value]),
  );
}

describe('the examples of clusters whose DNS or API server is another', () => {
  test('are four, and say that they come from documentation', () => {
    expect(examples.map((file) => path.basename(file, '.yaml'))).toEqual([
      ...['cilium', 'gke', 'nodelocal-dns', 'openshift'],
    ]);
    for (const file of examples) {
      expect(readFileSync(file, 'utf8')).toMatch(/^# .* From documentation: nobody has deployed/);
    }
  });

  test.each(examples)('give for %s the policies that were reviewed', (file) => {
    const settings = stagingSettings(settingsOf(file));
    const graph = landed(platform(settings));
    const files = renderManifests(
      lowerKubernetes({ graph, settings, version: '0.0.0', migrations: {} }),
    );
    const shown = Object.entries(files).filter(([name]) => SHOWN.some((one) => one.test(name)));
    expect(shown).toHaveLength(SHOWN.length);
    const { given, golden } = goldenFile(
      `staging/clusters/${path.basename(file, '.yaml')}.golden.yaml`,
      shown.map(([name, text]) => `# ${name}\n${text}`).join('---\n'),
    );
    expect(given).toBe(golden);
  });
});
