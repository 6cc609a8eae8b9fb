import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectSuccess } from '../end-to-end/platform-under-test.ts';
import type { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { readWhile } from '../end-to-end/reading.ts';
import { endPlatform, startPlatform } from './start-platform.ts';

const minutes = 60_000;

describe('a platform whose keys change all the time', () => {
  let platform: PlatformUnderTest;

  beforeAll(async () => {
    platform = await startPlatform();
    expectSuccess(await platform.run(['seed', '--products', '500']));
  }, 15 * minutes);
  afterAll(() => endPlatform(platform), 15 * minutes);

  test(
    'loses no read in a hundred rotations of every certificate, with new passwords among them',
    async () => {
      await using reading = readWhile(platform);
      for (let round = 1; round <= 100; round += 1) {
        expectSuccess(await platform.run(['rotate']));
        if (round % 20 === 0) {
          expectSuccess(await platform.run(['up', '-c', `passwordGeneration=${round}`]));
        }
      }
      const { failures, count } = await reading.end();
      expect(failures).toEqual([]);
      expect(count).toBeGreaterThan(1_000);
    },
    20 * minutes,
  );
});
