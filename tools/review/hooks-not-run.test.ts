import { expect, test } from '@jest/globals';
import { hooksNotRun } from './hooks-not-run.ts';

test('hooks that did not run are named, three of many, and where they will', () => {
  expect(hooksNotRun([])).toEqual([]);
  expect(hooksNotRun(['one'])).toEqual([
    'HOOKS: one did not run, as nothing outside calls into a sandbox; what they refuse shows in a preview with credentials',
  ]);
  expect(hooksNotRun(['a', 'b', 'c', 'd', 'e'])[0]).toMatch(/^HOOKS: a, b, c and 2 more did not/);
});
