import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PlatformUnderTest } from './platform-under-test.ts';
import { Ground } from './ground.ts';
import { STORIES } from './stories.ts';
import { MINUTES } from './story.ts';

const platform = await PlatformUnderTest.create();
const ground = new Ground(platform);

/**
 * The whole platform, brought up once by the real command in an empty home. Every end-to-end story
 * runs on it, one after the other: `stories.ts` lists them.
 */
describe('one platform', () => {
  beforeAll(async () => {
    await ground.lay();
  }, 5 * MINUTES);
  afterAll(async () => {
    await platform.dispose();
  }, 2 * MINUTES);

  describe.each(STORIES)('$title', (story) => {
    beforeAll(async () => {
      await ground.handTo(story.title);
    }, 3 * MINUTES);

    story.tell(ground);

    if (story === STORIES.at(-1)) return;
    test(
      'leaves the platform whole',
      async () => {
        expect(await ground.brokenParts()).toEqual([]);
      },
      2 * MINUTES,
    );
  });
});
