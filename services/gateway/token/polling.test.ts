import { expect, test } from '@jest/globals';
import { onBackgroundFailure } from '@meridian/kit/background.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { poll } from './polling.ts';

test('a turn that fails is told of, and the next one comes', async () => {
  const failures: unknown[] = [];
  const unheard = onBackgroundFailure((task, error) => void failures.push([task, error]));
  const error = new Error('nobody expected that');
  let turns = 0;
  const polling = poll(
    'keys',
    () => {
      turns += 1;
      return turns === 1 ? Promise.reject(error) : Promise.resolve();
    },
    () => 0,
  );
  await eventually(() => expect(turns).toBeGreaterThan(2));
  polling.close();
  expect(failures).toEqual([['keys', error]]);
  unheard();
});
