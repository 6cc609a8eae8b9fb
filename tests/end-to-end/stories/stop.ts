import { expect, test } from '@jest/globals';
import { expectSuccess } from '../platform-under-test.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';
import type { UpResult } from '../up-result.ts';

export const stop: Story = {
  title: 'a stop',
  tell: ({ platform }) => {
    test(
      'leaves no process, and the data survive it; the start after it warns of nothing',
      async () => {
        const stopped = await platform.run(['stop', '--json']);
        expectSuccess(stopped);
        expect(JSON.parse(stopped.stdout)).toEqual({ stopped: ['a', 'b', 'c', 'edge'] });
        expect(platform.processes()).toEqual([]);
        const started = await platform.run(['up', '--json']);
        expectSuccess(started);
        expect(started.stderr).not.toMatch(/warning/i);
        // What had been stopped is started again, and nothing else is changed.
        const { changes, startedAgain } = JSON.parse(started.stdout) as UpResult;
        expect(changes).toEqual({ same: expect.any(Number), update: startedAgain });
        const page = await platform.get('/v1/products?page_size=1');
        expect(JSON.parse(page.body)).toMatchObject({ products: [expect.anything()] });
      },
      4 * MINUTES,
    );
  },
};
