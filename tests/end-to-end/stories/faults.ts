import { expect, test } from '@jest/globals';
import { INJECTIONS } from '../injection.ts';
import { expectTrust } from '../under-injection.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

export const faults: Story = {
  title: 'what breaks under requests',
  tell: (ground) => {
    test(
      'loses nothing that a merchant was told is kept: it is published once and in order, and every answer is a success or tells when to come again',
      async () => {
        expect.hasAssertions();
        const injections = INJECTIONS.filter(({ always }) => always);
        await expectTrust(ground.platform, ground.password, injections);
      },
      5 * MINUTES,
    );
  },
};
