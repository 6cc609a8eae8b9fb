import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { formerReleases, runFormerTests } from './former-release.ts';

const minutes = 60_000;

/** What former tests do by hand and the newer schema refuses by design: it is not what the release itself does. */
const REFUSED_BY_DESIGN: ReadonlySet<string> = new Set([
  // An attacker's changes of the audit log; from 0007_move-to-archive.sql on a trigger stops them earlier.
  'of 100 random changes of the tables each is detected, and its place named',
]);

/**
 * A rollback leaves the newest schema below the release before (docs/runbooks/rollback.md): the tests of that release,
 * on real engines, have to find there what they found on a schema of their own.
 */
for (const former of formerReleases()) {
  if ('lacking' in former) {
    test.skip(`${former.service}: ${former.lacking}`, () => undefined);
    continue;
  }
  const { service, migration, commit } = former;
  test(
    `${service} as it was before ${path.basename(migration)} runs on the schema that there is now`,
    async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'meridian-former-'));
      try {
        const { passed, failed } = await runFormerTests(service, commit, folder);
        expect(failed.filter((title) => !REFUSED_BY_DESIGN.has(title))).toEqual([]);
        expect(passed).toBeGreaterThan(20);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    30 * minutes,
  );
}
