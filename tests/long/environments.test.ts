import { describe, expect, test } from '@jest/globals';
import { runIn } from '../end-to-end/environment-run.ts';
import { ENVIRONMENTS } from '../end-to-end/environment.ts';
import type { Environment } from '../end-to-end/environment.ts';

const minutes = 60_000;

/** What this machine cannot make is skipped, and says why. */
function possible(environments: readonly Environment[]): readonly Environment[] {
  return environments.filter(({ name, lacking }) => {
    const reason = lacking?.();
    if (reason !== undefined) test.skip(`${name}: ${reason}`, () => undefined);
    return reason === undefined;
  });
}

describe('the command does its work', () => {
  const alone = ENVIRONMENTS.filter(({ start }) => start === undefined);
  test.each(possible(alone))(
    'with $name',
    async (environment) => {
      expect.hasAssertions();
      await runIn([environment], environment.shown);
    },
    5 * minutes,
  );
});

/** A start takes half a minute, so that those which do not interfere share one. */
describe.each([1, 2])('start %i of the platform', (start) => {
  const together = possible(ENVIRONMENTS.filter((one) => one.start === start));

  test(
    `works with ${together.map(({ name }) => name).join(', and ')}`,
    async () => {
      expect.hasAssertions();
      try {
        await runIn(together, 'start');
      } catch (error) {
        throw new Error(await culprits(together), { cause: error });
      }
    },
    20 * minutes,
  );
});

/** Which of them do harm alone, each by the cheapest command that shows it. */
async function culprits(environments: readonly Environment[]): Promise<string> {
  const found: string[] = [];
  for (const environment of environments) {
    try {
      await runIn([environment], environment.shown);
    } catch (error) {
      found.push(`with ${environment.name}: ${String(error)}`);
    }
  }
  return found.length === 0 ? 'None does harm alone' : found.join('\n\n');
}
