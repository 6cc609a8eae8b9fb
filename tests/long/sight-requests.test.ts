import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasLineStore } from '../sight/line-store.ts';
import type { RecordedRequests } from '../sight/recorded-requests.ts';
import { notRead } from '../sight/recorded-series.ts';
import { consumers, mutants, RequestSight } from '../sight/request-sight.ts';

const isBuilt = hasLineStore();

(isBuilt ? describe : describe.skip)(
  `of everything that spans and lines say${isBuilt ? '' : ' (VictoriaLogs is not built here)'}`,
  () => {
    let sight: RequestSight;
    const silent: string[] = [];

    beforeAll(async () => {
      sight = await RequestSight.open();
    });

    afterAll(async () => {
      await sight[Symbol.asyncDispose]();
    });

    test('everybody sees something at first', () => {
      const blind = consumers.filter(({ name }) => sight.before.get(name) === '');
      expect(blind.map(({ name }) => name)).toEqual([]);
    });

    test('where nothing is taken away nobody says something else', async () => {
      const nothing = {
        name: 'nothing',
        of: 'lines',
        change: (all: RecordedRequests) => all,
      } as const;
      expect(await sight.blinded(nothing)).toEqual([]);
    });

    test.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
      '%s: who reads it says so',
      async (name, mutant) => {
        const said = await sight.blinded(mutant);
        if (said.length === 0) silent.push(name);
        expect(said.length > 0 || notRead().includes(name)).toBe(true);
      },
    );

    test('nothing that somebody reads is among what nobody does', () => {
      expect(silent.toSorted()).toEqual(notRead());
    });
  },
);
