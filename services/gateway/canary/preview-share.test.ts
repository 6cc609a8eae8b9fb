import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { TestWorld } from '@meridian/kit/testing/world.ts';
import type { TestProcess } from '@meridian/kit/testing/world.ts';
import { PREVIEW_SHARE_FILE } from '@meridian/language/process-folder.ts';
import { openPreviewShare, positionOf } from './preview-share.ts';

const CALLERS = Array.from({ length: 10_000 }, (_, index) => `subject account-${index}`);

describe('the share of the preview', () => {
  let world: TestWorld;
  let process: TestProcess;

  beforeAll(async () => {
    world = await TestWorld.create();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    process = await world.start(await world.prepare('gateway'));
  });
  afterEach(() => process.runtime.stop());

  function share(text: string): void {
    const file = join(process.folder, PREVIEW_SHARE_FILE);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  }

  const previewed = (draw: ReturnType<typeof openPreviewShare>): readonly string[] =>
    CALLERS.filter((caller) => draw.colourOf(caller) === 'preview');

  test('is nobody without a file, and follows the file', async () => {
    const draw = openPreviewShare(process.runtime);
    expect(previewed(draw)).toEqual([]);
    share('100\n');
    await eventually(() => expect(previewed(draw)).toEqual(CALLERS));
    rmSync(join(process.folder, PREVIEW_SHARE_FILE));
    await eventually(() => expect(previewed(draw)).toEqual([]));
  });

  test('is what it says, and a growing one takes nobody back', async () => {
    share('5');
    const draw = openPreviewShare(process.runtime);
    const five = previewed(draw);
    expect(five.length / CALLERS.length).toBeCloseTo(0.05, 2);
    share('12.5');
    await eventually(() => expect(previewed(draw).length / CALLERS.length).toBeCloseTo(0.125, 2));
    expect(previewed(draw)).toEqual(expect.arrayContaining([...five]));
  });

  test.each(['101', '-1', '5 %', 'all', '', '5.125'])(
    'stays as it was when it becomes %j, and the log says what is allowed',
    async (text) => {
      share('5');
      const draw = openPreviewShare(process.runtime);
      const before = previewed(draw);
      share(text);
      await eventually(() =>
        expect(process.lines.find(({ level }) => level === 'error')).toMatchObject({
          message: 'the share of the preview was not taken over',
          err: {
            message: expect.stringContaining(
              `0 to 100 percent, at most two decimals, got '${text}'`,
            ),
          },
        }),
      );
      expect(previewed(draw)).toEqual(before);
    },
  );

  test('is nobody where the first one is wrong', () => {
    share('many');
    expect(previewed(openPreviewShare(process.runtime))).toEqual([]);
  });
});

test('a caller stands at one place, whichever gateway looks', () => {
  expect(positionOf('subject account-1')).toBe(positionOf('subject account-1'));
  expect(positionOf('subject account-1')).not.toBe(positionOf('address account-1'));
});
