import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generatedCatalogue } from '../../../tests/search/generated-catalogue.ts';
import { openSearchWorld } from '../testing/search-world.ts';
import type { SearchWorld } from '../testing/search-world.ts';
import { JUDGED_QUERIES, QUALITY_PRODUCTS } from './judged-queries.ts';
import { measureQuality } from './measure.ts';
import type { Quality } from './measure.ts';

/** Below what is measured (docs/performance.md), by what a change that is meant to help may cost. */
const MEAN_MIN = 0.93;
const KIND_MIN = 0.85;

let world: SearchWorld;
let quality: Quality;

beforeAll(async () => {
  world = await openSearchWorld('quality');
  const catalogue = generatedCatalogue(QUALITY_PRODUCTS);
  for (let start = 0; start < catalogue.length; start += 500) {
    await world.writer.apply(catalogue.slice(start, start + 500));
  }
  await world.search.refresh();
  quality = await measureQuality(world.search, catalogue);
}, 180_000);

afterAll(() => world.close());

test('a hundred judged queries are answered in an order near the best', () => {
  expect(JUDGED_QUERIES).toHaveLength(100);
  process.stdout.write(report(quality));
  expect(quality.mean).toBeGreaterThan(MEAN_MIN);
});

/** What `npm run bench:search` shows. */
function report({ mean, byKind }: Quality): string {
  const kinds = [...byKind].map(([kind, value]) => `${kind} ${value.toFixed(2)}`);
  return `nDCG@10 of search: ${mean.toFixed(3)} (${kinds.join(', ')})\n`;
}

test('no kind of query is neglected for the others', () => {
  for (const [kind, mean] of quality.byKind) expect([kind, mean > KIND_MIN]).toEqual([kind, true]);
});
