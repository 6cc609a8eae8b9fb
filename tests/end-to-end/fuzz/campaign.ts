import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectSuccess, PlatformUnderTest } from '../platform-under-test.ts';
import { fuzzedOperations, fuzzPlatform } from './fuzz-platform.ts';
import type { FUZZING_ROLES } from './fuzz-platform.ts';

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
      platform = await PlatformUnderTest.create();
      expectSuccess(await platform.run(['up', ...platform.ports]));
      expectSuccess(await platform.run(['seed', '--products', '500']));
    }, 5 * minutes);
    afterAll(async () => {
      await platform.run(['destroy', '--yes']);
      await platform.dispose();
    }, 5 * minutes);

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
