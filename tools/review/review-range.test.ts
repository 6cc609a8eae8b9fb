import { expect, test } from '@jest/globals';
import { reviewRange } from './review-range.ts';

test('two revisions are read', () => {
  expect(reviewRange('4f2c9e1..feature/x')).toEqual({ base: '4f2c9e1', head: 'feature/x' });
  expect(reviewRange('HEAD..WORKTREE')).toEqual({ base: 'HEAD', head: 'WORKTREE' });
});

test.each([
  'main',
  '..main',
  'main..',
  'a...b',
  'a..b..c',
  'WORKTREE..main',
  '--upload-pack=x..main',
  'a..-b',
  '',
])("'%s' is refused, with what is allowed", (given) => {
  expect(() => reviewRange(given)).toThrow(
    `Revisions '${given}': must be <base>..<head>, such as main..WORKTREE`,
  );
});
