import { describe, expect, test } from '@jest/globals';
import { chooseLandings } from './landings.ts';
import { lowerLocal } from './local/lower-local.ts';
import { buildGraph } from './model/build-graph.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { landed } from './model/landed.ts';
import { samplePlatform } from './model/testing/sample-platform.ts';
import { sampleAwsSettings } from './testing/sample-aws.ts';
import { sampleClusterSettings } from './testing/sample-cluster.ts';
import { sampleSettings, sampleSources } from './testing/sample-stack.ts';

const codeOf = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    if (error instanceof CodedError) return [error.code, error.message];
    throw error;
  }
  return ['none', ''];
};

const NOUNS = [
  'certificates',
  'cluster',
  'edge',
  'externals',
  'kafka',
  'network',
  'observability',
  'postgres',
  'redis',
  'search',
  'services',
  'tasks',
  'zones',
];

describe('chooseLandings', () => {
  test.each([sampleSettings, sampleClusterSettings, sampleAwsSettings])(
    'has code for every noun on $landing',
    async (settings) => {
      const landings = await chooseLandings(
        landed(buildGraph(samplePlatform)),
        settings,
        sampleSources,
      );
      expect(Object.keys(landings).toSorted()).toEqual(NOUNS);
      expect(Object.values(landings).every((code) => typeof code === 'function')).toBe(true);
    },
  );
});

describe('lowerLocal', () => {
  const lower = (platform = samplePlatform, replicas: Readonly<Record<string, number>> = {}) =>
    lowerLocal(landed(buildGraph(platform)), { ...sampleSettings, replicas }, sampleSources);

  test('gives the same value for the same input, and a plain one', () => {
    expect(JSON.stringify(lower())).toBe(JSON.stringify(lower()));
    expect(JSON.parse(JSON.stringify(lower()))).toEqual(lower());
  });

  test('leaves out services without code', () => {
    expect(lower().services.map(({ name }) => name)).toEqual(['door', 'shelf']);
  });

  test.each([
    [{ shelf: 1 }, "Setting 'meridian:replicas.shelf': must be 2 to 20, got 1"],
    [{ shelf: 21 }, "Setting 'meridian:replicas.shelf': must be 2 to 20, got 21"],
    [{ archive: 3 }, "Setting 'meridian:replicas.archive': must be for a service that has code"],
  ])('refuses replicas %p', (replicas, message) => {
    const [code, text] = codeOf(() => lower(samplePlatform, replicas));
    expect(code).toBe('SETTINGS_INVALID');
    expect(text).toContain(message);
  });
});
