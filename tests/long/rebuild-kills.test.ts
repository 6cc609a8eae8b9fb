import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { killAndHeal } from '../end-to-end/fault.ts';
import { eventually, expectSuccess } from '../end-to-end/platform-under-test.ts';
import type { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { endPlatform, startPlatform } from './start-platform.ts';

const minutes = 60_000;
const PRODUCTS = 3_000;

describe('a rebuild of the index on a running platform', () => {
  let platform: PlatformUnderTest;

  beforeAll(async () => {
    platform = await startPlatform();
    expectSuccess(await platform.run(['seed', '--products', String(PRODUCTS)]));
  }, 15 * minutes);
  afterAll(() => endPlatform(platform), 15 * minutes);

  test.each([/^Reading the catalogue: [1-9]/m, /^Comparing with the catalogue/m])(
    'is given up when the replicas of search are killed at %s, and the next one has everything',
    async (moment) => {
      const rebuilding = platform.spawn(['search', 'rebuild']);
      const ended = once(rebuilding, 'exit');
      let told = '';
      rebuilding.stderr?.on('data', (chunk: Buffer) => {
        told += chunk.toString();
      });
      await eventually(
        () => told,
        (text) => moment.test(text),
        2 * minutes,
      );
      // Whichever of them has it.
      const zones = ['a', 'b', 'c'];
      await Promise.all(
        zones.map((zone) => killAndHeal(platform, { zone, name: `search-${zone}-0` })),
      );
      expect(await ended).not.toEqual([0, null]);
      const next = await eventually(
        () => platform.run(['search', 'rebuild', '--json']),
        ({ stderr }) => !stderr.includes('INDEX_REBUILD_RUNS'),
        2 * minutes,
      );
      expectSuccess(next);
      expect(JSON.parse(next.stdout)).toMatchObject({ productsRead: String(PRODUCTS) });
    },
    10 * minutes,
  );
});
