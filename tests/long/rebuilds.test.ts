import { afterAll, beforeAll, test } from '@jest/globals';
import { REBUILD_STEPS } from '@meridian/search/rebuild/rebuild.ts';
import { RebuildScenario } from '@meridian/search/testing/rebuild-scenario.ts';
import { openSearchWorld } from '@meridian/search/testing/search-world.ts';
import type { SearchWorld } from '@meridian/search/testing/search-world.ts';

let world: SearchWorld;

beforeAll(async () => {
  world = await openSearchWorld('rebuilds', { empty: true });
}, 300_000);

afterAll(() => world.close());

test.each(REBUILD_STEPS)(
  'a rebuild of the index that is killed before the step %s can be started again',
  async (step) => {
    await (await RebuildScenario.begin(world)).killedBefore(step);
  },
  120_000,
);
