import { expect, test } from '@jest/globals';
import { expectSuccess } from '../platform-under-test.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

export const changes: Story = {
  title: 'a preview',
  always: true,
  tell: ({ platform }) => {
    test(
      'shows one changed setting, and just that',
      async () => {
        const changed = await platform.run(['preview', '-c', 'leafLifetimeSeconds=1800']);
        expectSuccess(changed);
        expect(changed.stdout).toMatch(/~ 4 to update/);
        expect(changed.stdout).toMatch(/\d+ unchanged/);
        expect(changed.stdout).not.toMatch(/to (create|replace|delete)/);
      },
      2 * MINUTES,
    );
  },
};
