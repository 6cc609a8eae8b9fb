import { beforeAll, expect, test } from '@jest/globals';
import { describeByPromtool, findPromtool } from '../engines/promtool.ts';
import type { Answers } from '../sight/ask-prometheus.ts';
import type { MetricMutant } from '../sight/metric-mutants.ts';
import { notExercised } from '../sight/recorded-series.ts';
import { answersTo, blinded, consumers, mutants } from '../sight/sight.ts';

const promtool = findPromtool();

describeByPromtool('of every emission that is taken away', () => {
  let before: Answers;

  beforeAll(async () => {
    before = await answersTo(promtool ?? '', consumers);
  });

  test('whoever saw nothing of the recorded run is known', () => {
    const blind = consumers.filter(({ name }) => !before.has(name)).map(({ name }) => name);
    expect(blind.toSorted()).toEqual(notExercised());
  });

  test('nothing is, and nobody goes blind', async () => {
    const [any] = mutants;
    const metric = any?.metric ?? '';
    const mutant: MetricMutant = {
      ...{ name: 'nothing', metric, readers: [], needed: [] },
      change: (series) => series,
    };
    expect(await blinded(promtool ?? '', mutant, before)).toEqual([]);
  });

  test.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    '%s: all who need it say so',
    async (_name, mutant) => {
      const said = await blinded(promtool ?? '', mutant, before);
      const sees = (name: string) => before.has(name);
      expect(mutant.needed.filter((name) => sees(name) && !said.includes(name))).toEqual([]);
      expect(mutant.readers.some(sees) ? said : mutant.readers).not.toEqual([]);
    },
  );
});
