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
      expect(await harmOf(together, true)).toEqual([]);
    },
    60 * minutes,
  );
});

/** Which of them do harm: halves are tried until one is left, by the cheapest command that shows it. */
async function harmOf(
  environments: readonly Environment[],
  starts: boolean,
): Promise<readonly string[]> {
  const [only, other] = environments;
  const cheap = other === undefined && only !== undefined ? only.shown : 'preview';
  const needsStart = starts || environments.some(({ shown }) => shown === 'start');
  try {
    await runIn(environments, needsStart ? 'start' : cheap);
    return [];
  } catch (error) {
    if (only !== undefined && other === undefined) return [`${only.name}: ${String(error)}`];
    const half = Math.ceil(environments.length / 2);
    const parts = [environments.slice(0, half), environments.slice(half)];
    const found = [await harmOf(parts[0] ?? [], false), await harmOf(parts[1] ?? [], false)].flat();
    return found.length > 0 ? found : [`only together: ${String(error)}`];
  }
}
