import { expect, test } from '@jest/globals';
import { fuzzPlatform } from '../fuzz/fuzz-platform.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

/** Requests for each operation; tests/long/fuzz-*.test.ts have more, for each role. */
const EXAMPLES = 10;

/** Schemathesis against the document that the edge serves: what fits it, and what does not. */
export const fuzzed: Story = {
  title: 'a client that asks at random',
  tell: ({ platform }) => {
    test(
      'is answered as the document has it, and refused what fits only where it says why',
      async () => {
        const { run, answers, findings } = await fuzzPlatform(platform, 'merchant', {
          examples: EXAMPLES,
        });
        process.stderr.write(`fuzz: ${run}: ${JSON.stringify(answers)}\n`);
        expect(findings).toEqual([]);
        // It came past the door.
        expect(answers['200'] ?? 0).toBeGreaterThan(0);
      },
      5 * MINUTES,
    );
  },
};
