import { expect } from '@jest/globals';
import { eventually, expectSuccess } from './platform-under-test.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** What `meridian check` tells, of which a sound platform has none. */
interface Books {
  readonly discrepancies: readonly unknown[];
  readonly unsettled: readonly unknown[];
}

/** What `meridian audit reconcile` tells. */
interface Reconciled {
  readonly kinds: readonly { readonly kind: string; readonly entries: number }[];
  readonly discrepancies: readonly unknown[];
}

/**
 * Holds that goods and money add up, once what is under way has come to its end, and that the audit trail tells
 * every version of everything that the services have, as they have it.
 */
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
  // Ingestion may have a lot to make up for.
  const { kinds } = await eventually(
    async () => {
      const told = await platform.run(['audit', 'reconcile', '--json']);
      if (told.stdout === '') expectSuccess(told);
      return JSON.parse(told.stdout) as Reconciled;
    },
    ({ discrepancies }) => discrepancies.length === 0,
  );
  expect(kinds.find(({ kind }) => kind === 'product')?.entries).toBeGreaterThan(0);
}

/** Holds that the whole audit trail is as it was published, and lacks no version of anything. */
export async function expectWholeTrail(platform: PlatformUnderTest): Promise<void> {
  expectSuccess(await platform.run(['audit', 'verify']));
}
