import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COURSES, traces } from '../purchases/kill-courses.ts';
import type { Course, Traces } from '../purchases/kill-courses.ts';
import { kindAndMoment, MOMENTS } from '../purchases/kill-point.ts';
import type { Moment } from '../purchases/kill-point.ts';
import { KilledPurchases } from '../purchases/killed-purchases.ts';

let world: KilledPurchases;

beforeAll(async () => {
  world = await KilledPurchases.start();
}, 300_000);

afterAll(() => world.stop());

describe.each(Object.keys(COURSES) as Course[])('%s', (course) => {
  let undisturbed: Traces;
  beforeAll(async () => {
    undisturbed = await traces(world, course);
  }, 60_000);

  const points = COURSES[course].kinds.flatMap((kind) =>
    (Object.keys(MOMENTS) as Moment[]).map((moment) => ({ kind, moment, when: MOMENTS[moment] })),
  );
  test.each(points)(
    'does each effect once although orders is killed at $kind, $when',
    async (point) => {
      expect(await traces(world, course, [point])).toEqual(undisturbed);
      expect(world.died).toEqual([kindAndMoment(point)]);
      expect(await world.check()).toMatchObject({
        ...{ ordersUnderWay: 0, discrepancies: [], unsettled: [] },
      });
    },
    60_000,
  );
});
