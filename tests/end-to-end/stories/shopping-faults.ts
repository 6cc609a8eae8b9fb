import { expect, test } from '@jest/globals';
import { PURCHASE_INJECTIONS } from '../injection.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';
import { expectSoundPurchases } from '../under-injection.ts';

export const shoppingFaults: Story = {
  title: 'what breaks under purchases',
  tell: ({ platform }) => {
    test(
      'loses no order that a shopper was told is placed, and neither goods nor money',
      async () => {
        expect.hasAssertions();
        const injections = PURCHASE_INJECTIONS.filter(({ always }) => always);
        await expectSoundPurchases(platform, injections, 1);
      },
      5 * MINUTES,
    );
  },
};
