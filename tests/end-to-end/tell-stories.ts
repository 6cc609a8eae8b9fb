import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PlatformUnderTest } from './platform-under-test.ts';
import { Ground } from './ground.ts';
import { MINUTES } from './story.ts';
import type { Story } from './story.ts';

/**
 * The whole platform, brought up once by the real command in an empty home. The stories are told on it, one after the
 * other; the last one ends it.
 */
export async function tellStories(stories: readonly Story[]): Promise<void> {
  const platform = await PlatformUnderTest.create();
  const ground = new Ground(platform);

  describe('one platform', () => {
    beforeAll(async () => {
      await ground.lay();
    }, 5 * MINUTES);
    afterAll(async () => {
      await platform.dispose();
    }, 2 * MINUTES);

    describe.each(stories)('$title', (story) => {
      beforeAll(async () => {
        await ground.handTo(story.title);
      }, 3 * MINUTES);

      story.tell(ground);

      if (story === stories.at(-1)) return;
      test(
        'leaves the platform whole',
        async () => {
          expect(await ground.brokenParts()).toEqual([]);
        },
        2 * MINUTES,
      );
    });
  });
}
