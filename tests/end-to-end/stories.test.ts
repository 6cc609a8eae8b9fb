import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { Story } from './story.ts';
import { STORIES } from './stories.ts';

const folder = path.join(import.meta.dirname, 'stories');

test('every story of the folder is told, each under a title of its own', async () => {
  const written = await Promise.all(
    readdirSync(folder).map(async (file) => {
      const [story, ...others] = Object.values(
        (await import(path.join(folder, file))) as Record<string, Story>,
      );
      expect([file, others]).toEqual([file, []]);
      return story?.title;
    }),
  );
  expect(STORIES.map(({ title }) => title).toSorted()).toEqual(written.toSorted());
  expect(new Set(written).size).toBe(STORIES.length);
});
