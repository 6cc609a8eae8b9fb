import { expect, test } from '@jest/globals';
import { archivedText } from './archive.ts';

test('an archive that is given again says that nothing was left to move, and not that nothing is in it alone', () => {
  const movable = { entries: 0, bytes: 0 };
  const done = {
    action: 'archive',
    ...{ folder: '/srv/a', treeSize: 530, keepDays: 90, written: false },
    ...{ recordedBy: 790, movable, moved: 511 },
  } as const;
  expect(archivedText(done)).toContain('The data of 511 entries more is in the archive alone now');
  const again = archivedText({ ...done, moved: 0 });
  expect(again).toContain('Nothing was left to move, and what had moved is in the archive alone: ');
});
