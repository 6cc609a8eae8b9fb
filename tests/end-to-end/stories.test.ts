import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { declaredServices } from '../../infra/platform-graph.ts';
import { accessRows } from '../contracts/access-rows.ts';
import { ATTEMPTS, LAST_ATTEMPTS } from './access-attempts.ts';
import type { Story } from './story.ts';
import { STORIES } from './stories.ts';

const folder = path.join(import.meta.dirname, 'stories');

test('the story of who may see what asks every public method', () => {
  const rows = declaredServices()
    .filter(({ implemented }) => implemented)
    .flatMap(accessRows);
  expect(Object.keys({ ...ATTEMPTS, ...LAST_ATTEMPTS }).toSorted()).toEqual(
    rows.map(({ method }) => method.name).toSorted(),
  );
});

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
