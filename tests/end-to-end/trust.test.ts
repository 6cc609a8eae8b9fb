import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Cell } from '../../tools/denial/attempt.ts';
import { expectSuccess, PlatformUnderTest } from './platform-under-test.ts';
import { readWhile } from './reading.ts';

const minutes = 60_000;

interface Matrix {
  readonly cells: readonly Cell[];
  readonly wrong: number;
}

/** Who may do what on the running platform, and that it stays so while keys and certificates change. */
describe('trust on the running platform', () => {
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
    'every access of every identity ends as the graph declares it',
    async () => {
      const outcome = await platform.run(['denial', '--json']);
      const { cells, wrong } = JSON.parse(outcome.stdout) as Matrix;
      expect(cells.filter(({ asDeclared }) => !asDeclared)).toEqual([]);
      expect([outcome.code, wrong]).toEqual([0, 0]);
      // Both sides of the rule were met, at every kind of engine.
      for (const engine of ['https', 'grpc', 'postgresql', 'redis', 'kafka'] as const) {
        const verdicts = cells.filter((cell) => cell.engine === engine).map((cell) => cell.verdict);
        expect([engine, [...new Set(verdicts)].sort()]).toEqual([engine, ['admitted', 'refused']]);
      }
    },
    2 * minutes,
  );

  test(
    'five rotations of every certificate cost no read',
    async () => {
      const pids = platform.processes().map(({ pid }) => pid);
      const reading = readWhile(platform);
      for (let round = 1; round <= 5; round += 1) {
        const outcome = await platform.run(['rotate']);
        expectSuccess(outcome);
        expect(outcome.stdout).toMatch(/^Zone a: \d+ certificates are new$/m);
      }
      const { failures, count } = await reading.end();
      expect(failures).toEqual([]);
      expect(count).toBeGreaterThan(20);
      expect(platform.processes().map(({ pid }) => pid)).toEqual(pids);
    },
    3 * minutes,
  );
});
