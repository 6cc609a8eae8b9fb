import { beforeAll, describe, expect, test } from '@jest/globals';
import { findPromtool } from '../engines/promtool.ts';
import type { Answers } from '../sight/ask-prometheus.ts';
import { answersTo, blinded, consumers, mutants } from '../sight/sight.ts';

const promtool = findPromtool();

(promtool === undefined ? describe.skip : describe)(
  `of every emission that is taken away${promtool === undefined ? ' (promtool is not built here)' : ''}`,
  () => {
    let before: Answers;

    beforeAll(async () => {
      before = await answersTo(promtool ?? '', consumers);
    });

    test('nothing is, and nobody goes blind', async () => {
      const nothing = { metric: mutants[0]?.metric ?? '', change: (series: never) => series };
      expect(
        await blinded(promtool ?? '', { name: 'nothing', needed: [], ...nothing }, before),
      ).toEqual([]);
    });

    test.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
      '%s: all who need it say so',
      async (_name, mutant) => {
        const said = await blinded(promtool ?? '', mutant, before);
        expect(said.length).toBeGreaterThan(0);
        expect(mutant.needed.filter((name) => !said.includes(name))).toEqual([]);
      },
    );
  },
);
