import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { wares } from '../../tools/shop/open-shop.ts';
import { PURCHASE_INJECTIONS } from '../end-to-end/injection.ts';
import type { Injection } from '../end-to-end/injection.ts';
import { expectSuccess } from '../end-to-end/platform-under-test.ts';
import type { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { Shopper } from '../end-to-end/shopper.ts';
import { edgeTo, WARES } from '../end-to-end/shopping.ts';
import { expectSoundPurchases } from '../end-to-end/under-injection.ts';
import { endPlatform, startPlatform } from './start-platform.ts';

const minutes = 60_000;
/** So that there are at least 200 injections. */
const ROUNDS = Array.from(
  { length: Math.ceil(200 / PURCHASE_INJECTIONS.length) },
  (_, index) => index + 1,
);
/** Units of each product that is bought. */
const STOCK = 10_000;

/** Everything that a purchase goes through is killed, stopped and cut off, again and again, while shoppers buy. */
describe('a platform on which processes break while shoppers buy', () => {
  let platform: PlatformUnderTest;

  beforeAll(async () => {
    platform = await startPlatform();
    expectSuccess(
      await platform.run(['seed', '--products', '500', '--accounts', '4', '--orders', '1']),
    );
    await fillShelves(platform);
  }, 15 * minutes);
  afterAll(() => endPlatform(platform), 15 * minutes);

  test.each(ROUNDS)(
    'loses no acknowledged order, and neither goods nor money: round %i',
    async (round) => {
      expect.hasAssertions();
      await expectSoundPurchases(platform, announced(round), round);
    },
    40 * minutes,
  );
});

/** Gives what is bought a stock that lasts, nearly, until the end. */
async function fillShelves(platform: PlatformUnderTest): Promise<void> {
  const merchant = await Shopper.withRole(platform, 'merchant');
  await using edge = edgeTo(platform);
  for (const { productId } of await wares(edge, WARES)) {
    const target = `/v1/products/${productId}/stock:adjust`;
    const { status } = await merchant.post(target, { difference: STOCK });
    expect(status).toBe(200);
  }
}

/** A campaign of an hour says where it is. */
function announced(round: number): readonly Injection[] {
  const count = PURCHASE_INJECTIONS.length;
  return PURCHASE_INJECTIONS.map((injection, index) => ({
    ...injection,
    happens: async (platform, shopping) => {
      const at = (round - 1) * count + index + 1;
      process.stderr.write(`${at} of ${ROUNDS.length * count}: ${injection.name}\n`);
      await injection.happens(platform, shopping);
    },
  }));
}
