import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { traces } from './kill-courses.ts';
import type { Course } from './kill-courses.ts';
import { kindAndMoment } from './kill-point.ts';
import type { KillPoint } from './kill-point.ts';
import { KilledPurchases } from './killed-purchases.ts';

let world: KilledPurchases;

beforeAll(async () => {
  world = await KilledPurchases.start();
}, 90_000);

afterAll(() => world.stop());

/** One point for each effect of the saga; tests/long/effect-kills.test.ts has all of them. */
const POINTS: readonly (readonly [Course, readonly KillPoint[]])[] = [
  [
    'a purchase',
    [
      { kind: 'RESERVE_STOCK', moment: 'decided' },
      { kind: 'AUTHORIZE_PAYMENT', moment: 'taken' },
      { kind: 'COMMIT_RESERVATION', moment: 'answered' },
      { kind: 'CAPTURE_PAYMENT', moment: 'answered' },
      { kind: 'CONFIRM', moment: 'done' },
    ],
  ],
  ['a cancel after the capture', [{ kind: 'REFUND_PAYMENT', moment: 'answered' }]],
  ['a cancel before the capture', [{ kind: 'VOID_PAYMENT', moment: 'answered' }]],
  [
    'a decline and its expiry',
    [
      { kind: 'AWAIT_EXPIRY', moment: 'taken' },
      { kind: 'RELEASE_RESERVATION', moment: 'decided' },
    ],
  ],
];

test.each(POINTS)(
  'orders that is killed at effects of %s does each of them once',
  async (course, points) => {
    const undisturbed = await traces(world, course);
    expect(await traces(world, course, points)).toEqual(undisturbed);
    expect(world.died).toEqual(points.map(kindAndMoment));
    expect(await world.check()).toMatchObject({
      ...{ ordersUnderWay: 0, discrepancies: [], unsettled: [] },
    });
  },
  60_000,
);
