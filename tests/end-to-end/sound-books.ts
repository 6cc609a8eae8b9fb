import { expect } from '@jest/globals';
import { eventually, expectSuccess } from './platform-under-test.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** What `meridian check` tells, of which a sound platform has none. */
interface Books {
  readonly discrepancies: readonly unknown[];
  readonly unsettled: readonly unknown[];
}

/** Holds that goods and money add up, once what is under way has come to its end. */
export async function expectSoundBooks(platform: PlatformUnderTest): Promise<void> {
  const books = await eventually(
    async () => {
      const told = await platform.run(['check', '--json']);
      expectSuccess(told);
      return JSON.parse(told.stdout) as Books;
    },
    ({ discrepancies, unsettled }) => discrepancies.length > 0 || unsettled.length === 0,
  );
  expect(books).toMatchObject({ discrepancies: [], unsettled: [] });
}
