import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { Cell } from '../../../tools/denial/attempt.ts';
import { expectSuccess } from '../platform-under-test.ts';
import { readWhile } from '../reading.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

interface Matrix {
  readonly cells: readonly Cell[];
  readonly wrong: number;
}

/** The certificates of the start, and those that came in their place; more of the same is of tests/long. */
const ROTATIONS = 2;

export const renewals: Story = {
  title: 'new certificates and new passwords',
  tell: ({ platform }) => {
    test(
      'cost no read and no process',
      async () => {
        const pids = platform.processes().map(({ pid }) => pid);
        await using reading = readWhile(platform);
        for (let round = 1; round <= ROTATIONS; round += 1) {
          const outcome = await platform.run(['rotate', '--json']);
          expectSuccess(outcome);
          expect(JSON.parse(outcome.stdout)).toMatchObject({ problems: [] });
        }
        const secret = () =>
          readFileSync(path.join(platform.state, 'credentials/redis-catalog'), 'utf8');
        const secretBefore = secret();
        expectSuccess(await platform.run(['up', '-c', 'passwordGeneration=2']));
        expect(secret()).not.toBe(secretBefore);
        const { failures, count } = await reading.end();
        expect(failures).toEqual([]);
        expect(count).toBeGreaterThan(20);
        expect(platform.processes().map(({ pid }) => pid)).toEqual(pids);
      },
      3 * MINUTES,
    );

    // Of the new ones, as the old ones were made the same way: one matrix says it of both.
    test(
      'let in whom the graph declares, and nobody else',
      async () => {
        const outcome = await platform.run(['denial', '--json']);
        const { cells, wrong } = JSON.parse(outcome.stdout) as Matrix;
        expect(cells.filter(({ asDeclared }) => !asDeclared)).toEqual([]);
        expect([outcome.code, wrong]).toEqual([0, 0]);
        // Both sides of the rule were met, at every kind of engine.
        for (const engine of ['https', 'grpc', 'postgresql', 'redis', 'kafka'] as const) {
          const met = cells.filter((cell) => cell.engine === engine).map((cell) => cell.verdict);
          expect([engine, [...new Set(met)].sort()]).toEqual([engine, ['admitted', 'refused']]);
        }
      },
      2 * MINUTES,
    );
  },
};
