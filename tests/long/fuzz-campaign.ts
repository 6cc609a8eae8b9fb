import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { endPlatform, startPlatform } from './start-platform.ts';
import { expectSuccess } from '../end-to-end/platform-under-test.ts';
import type { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { fuzzedOperations, fuzzPlatform } from '../end-to-end/fuzz/fuzz-platform.ts';
import type { FUZZING_ROLES } from '../end-to-end/fuzz/fuzz-platform.ts';

const minutes = 60_000;

/** Requests for each operation; FUZZ_EXAMPLES takes another number. */
const EXAMPLES = Number(process.env['FUZZ_EXAMPLES'] ?? 1000);

/**
 * Every operation asked at random by one role, on a platform of its own. Each role has a suite, so that a
 * campaign that was interrupted goes on with the role that it was at.
 */
export function tellOfFuzzing(role: (typeof FUZZING_ROLES)[number]): void {
  describe('the edge', () => {
    let platform: PlatformUnderTest;

    beforeAll(async () => {
      platform = await startPlatform();
      expectSuccess(await platform.run(['seed', '--products', '500']));
    }, 5 * minutes);
    afterAll(() => endPlatform(platform), 5 * minutes);

    test(
      `keeps to its document, asked at random by ${role ?? 'nobody'}`,
      async () => {
        const all: string[] = [];
        // One operation at a time: what is found comes early.
        for (const only of await fuzzedOperations(platform)) {
          const more = { examples: EXAMPLES, only };
          const { run, answers, findings } = await fuzzPlatform(platform, role, more);
          process.stderr.write(`fuzz: ${only}: ${run}: ${JSON.stringify(answers)}\n`);
          all.push(...findings);
        }
        expect(all).toEqual([]);
      },
      60 * minutes,
    );
  });
}
