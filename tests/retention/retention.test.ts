import { describe, expect, test } from '@jest/globals';
import { databaseGrants } from '@meridian/components/model/grants.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { redisGrants } from '@meridian/components/redis/redis-grants.ts';
import { searchGrants } from '@meridian/components/search/search-grants.ts';
import { expectDrawn } from '@meridian/kit/testing/drawn-document.ts';
import { deadLetterTopic } from '@meridian/language/topic.ts';
import { platform } from '../../infra/platform-graph.ts';
import { localSettings } from '../../stacks/local.ts';
import { drawnTables } from './drawn.ts';
import { keptAt } from './kept.ts';
import { tablesOf } from './tables-of.ts';

const graph = landed(platform(localSettings({})));

const unsaid = (places: readonly string[]): readonly string[] =>
  places.filter((place) => keptAt(place).length === 0);

/*
 * The whole platform is looked through in tests/end-to-end/stories/erasure.ts, which goes by the same data; these
 * tests say at once what a new store lacks.
 */
describe('docs/retention.md', () => {
  test('says of every table of every database until when it is kept', () => {
    const grants = databaseGrants(graph);
    const tables = grants.flatMap(({ database, migrations }) =>
      tablesOf(migrations).map((table) => `database ${database} ${table}`),
    );
    expect(tables.length).toBeGreaterThan(grants.length * 3);
    expect(unsaid(tables)).toEqual([]);
  });

  test('says it of every topic, index and key space', () => {
    expect(
      unsaid([
        ...graph.topics.map(({ name }) => `topic ${name}`),
        ...graph.topics.map(({ name }) => `topic ${deadLetterTopic(name)}`),
        ...searchGrants(graph).map(({ index }) => `index ${index}`),
        ...redisGrants(graph).map(({ keyPrefix }) => `keys ${keyPrefix}`),
      ]),
    ).toEqual([]);
    expect(unsaid(['database identity letters', 'index people'])).toHaveLength(2);
  });

  test('shows what the erasure story goes by', () => {
    for (const [name, table] of Object.entries(drawnTables())) {
      const begin = `<!-- ${name}: drawn by tests/retention -->`;
      expectDrawn('docs/retention.md', [begin, `<!-- end of ${name} -->`], table);
    }
  });
});
