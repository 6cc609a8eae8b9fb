import { expect, test } from '@jest/globals';
import { evaluatedProd } from '../../tools/review/corpus/testing/evaluated-prod.ts';

const minutes = 60_000;

test(
  'what a change of production reaches is all that it changes: to land everything again gives the same',
  async () => {
    const [reached, whole] = [await evaluatedProd(), await evaluatedProd('whole')];
    expect(reached.length).toBeGreaterThan(20);
    expect(reached).toEqual(whole);
  },
  10 * minutes,
);
