import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { programFolder } from '../../tools/meridian/places.ts';
import { PROD_CHANGES } from '../../tools/review/corpus/changes/prod.ts';
import { isReviewed } from '../../tools/review/stack-review.ts';
import type { ReviewResult } from '../../tools/review/stack-review.ts';
import { ReviewClone } from '../end-to-end/review-clone.ts';

const DEADLINE_MS = 600_000;

/** Somebody else, far away: each in a clone with a history of its own, so that nothing but the program is the same. */
const ELSEWHERE: NodeJS.ProcessEnv = {
  ...{ TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', LANGUAGE: 'tr' },
  ...{ USER: 'somebody', LOGNAME: 'somebody', COLUMNS: '40', FORCE_COLOR: '1' },
};

describe('production, by two people on two machines', () => {
  const people: { readonly clone: ReviewClone; readonly environment: NodeJS.ProcessEnv }[] = [];

  beforeAll(async () => {
    for (const environment of [{}, ELSEWHERE]) {
      const clone = new ReviewClone();
      const home = path.join(clone.root, 'home of its own');
      mkdirSync(home);
      await clone.commitAll();
      people.push({ clone, environment: { ...clone.reviewer, ...environment, HOME: home } });
    }
  }, DEADLINE_MS);
  afterAll(() => people.forEach(({ clone }) => clone[Symbol.dispose]()));

  test(
    'is reviewed with one digest',
    async () => {
      const [change] = PROD_CHANGES;
      const digests: unknown[] = [];
      for (const { clone, environment } of people) {
        if (change !== undefined) clone.apply(change);
        const { stdout, stderr } = await clone.meridian(
          ['review', 'main..WORKTREE', '--stack', 'prod', '--json'],
          environment,
        );
        await clone.takeBack();
        if (stdout === '') throw new Error(stderr);
        const { reviews } = JSON.parse(stdout) as { readonly reviews: readonly ReviewResult[] };
        const [review] = reviews;
        if (review === undefined || !isReviewed(review)) throw new Error(JSON.stringify(review));
        expect(review.findings.length).toBeGreaterThan(0);
        digests.push(review.digest);
      }
      expect(digests[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(digests[1]).toBe(digests[0]);
    },
    DEADLINE_MS,
  );

  test(
    'costs at least what the page says that the size standard does, whoever asks',
    async () => {
      const page = readFileSync(path.join(programFolder, 'docs/deploying.md'), 'utf8');
      const [, said = ''] = /`standard` +\| at least \$(\S+)/.exec(page) ?? [];
      for (const { clone, environment } of people) {
        const { exitCode, stdout, stderr } = await clone.meridian(
          ['cost', '--stack', 'prod', '--config', 'size=standard', '--json'],
          environment,
        );
        expect([exitCode, stderr]).toEqual([0, '']);
        expect(JSON.parse(stdout)).toMatchObject({
          ...{ stack: 'prod', region: 'us-east-1', isAll: false },
          monthUsd: said.replaceAll(',', ''),
        });
      }
    },
    DEADLINE_MS,
  );

  test(
    'is one plan of Terraform to the byte, in a file for its owner alone',
    async () => {
      const plans: string[] = [];
      for (const { clone, environment } of people) {
        const file = path.join(clone.root, 'plans', 'plan.json');
        const { exitCode, stdout, stderr } = await clone.meridian(
          ['render', '--stack', 'prod', '--terraform-plan', file],
          environment,
        );
        expect([exitCode, stdout, stderr]).toEqual([
          0,
          expect.stringMatching(/^Wrote a plan of \d{3} resources of AWS to \S+\/plan\.json\n$/),
          '',
        ]);
        expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
        plans.push(readFileSync(file, 'utf8'));
      }
      expect(JSON.parse(plans[0] ?? '')).toMatchObject({ format_version: expect.anything() });
      expect(plans[1]).toBe(plans[0]);
    },
    DEADLINE_MS,
  );
});
