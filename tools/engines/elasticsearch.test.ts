import { expect, test } from '@jest/globals';
import { ELASTICSEARCH_VERSION } from '@meridian/components/search/kubernetes/eck.ts';
import { engineVersions } from './versions.ts';

test('what runs on this machine is what runs in a cluster', () => {
  expect(engineVersions.elasticsearch.version).toBe(ELASTICSEARCH_VERSION);
});
