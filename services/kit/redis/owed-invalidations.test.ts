import { expect, test } from '@jest/globals';
import { onBackgroundFailure } from '../background.ts';
import { eventually } from '../testing/eventually.ts';
import { OwedInvalidations } from './owed-invalidations.ts';
import type { Changed } from './read-through-cache.ts';

test('an invalidation that fails in a way of its own is told of, and owed still', async () => {
  const failures: unknown[] = [];
  const unheard = onBackgroundFailure((task, error) => void failures.push([task, error]));
  const error = new Error('nobody expected that');
  const tried: (readonly Changed[])[] = [];
  const owed = new OwedInvalidations(60_000, (batch) => {
    tried.push(batch);
    return tried.length === 1 ? Promise.reject(error) : Promise.resolve(true);
  });
  const changed = { id: 'a', revision: '1' };
  owed.add([changed]);
  await eventually(() => expect(tried).toEqual([[changed], [changed]]));
  expect(failures).toEqual([['owed invalidations', error]]);
  unheard();
});
