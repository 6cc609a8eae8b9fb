import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { ELASTICSEARCH_VERSION } from '@meridian/components/search/kubernetes/eck.ts';
import { engineVersions } from './versions.ts';

test('what runs on this machine is what runs in a cluster', () => {
  expect(engineVersions.elasticsearch.version).toBe(ELASTICSEARCH_VERSION);
});

test('the client of services is of the same series, for another one is refused', () => {
  const file = path.join(import.meta.dirname, '../../services/search/package.json');
  const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const [series] = ELASTICSEARCH_VERSION.split('.');
  expect(dependencies['@elastic/elasticsearch']).toMatch(new RegExp(`^${series}\\.`));
});
