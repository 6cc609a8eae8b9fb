import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { exportedResources } from '../../tools/meridian/rehearsal/exported-resources.ts';
import type { ExportedResource } from '../../tools/meridian/rehearsal/exported-resource.ts';
import { terraformNames } from '../../tools/terraform-plan/terraform-names.ts';
import { terraformPlan } from '../../tools/terraform-plan/terraform-plan.ts';
import { EXPLAINED_FAILURES } from './checkov/explained-failures.ts';
import { failuresOf, judgedPlan } from './checkov/judged-plan.ts';
import type { CheckovReport } from './checkov/judged-plan.ts';
import { PLANTED_FAULTS, withFault } from './checkov/planted-faults.ts';

const minutes = 60_000;

let resources: readonly ExportedResource[] = [];
let report: CheckovReport;

const judged = (given: readonly ExportedResource[]) =>
  judgedPlan(terraformPlan(given, terraformNames()));

beforeAll(async () => {
  resources = await exportedResources('prod');
  report = judged(resources);
}, 5 * minutes);

describe('checkov on production', () => {
  test('sees as many resources as the plan has, and skips none', () => {
    const ofAws = resources.filter(
      ({ custom, type }) => custom === true && type.startsWith('aws:'),
    );
    expect(ofAws.length).toBeGreaterThan(150);
    expect(report.summary).toMatchObject({
      ...{ resource_count: ofAws.length, parsing_errors: 0, skipped: 0 },
    });
  });

  test('runs every check of the kept list, so that what it finds is of the whole plan', () => {
    const { passed_checks: passed, failed_checks: failed } = report.results;
    const ran = [...new Set([...passed, ...failed].map(({ check_id: check }) => check))];
    const kept = readFileSync(path.join(import.meta.dirname, 'checkov/check-ids.txt'), 'utf8');
    expect(ran.toSorted()).toEqual(kept.trimEnd().split('\n'));
  });

  test('fails only what is explained, and everything that is explained', () => {
    const isOf = (failure: string, { check, resources: of }: (typeof EXPLAINED_FAILURES)[number]) =>
      of.some((resource) => failure === `${check} ${resource}`);
    const failures = failuresOf(report);
    const unexplained = failures.filter(
      (failure) => !EXPLAINED_FAILURES.some((row) => isOf(failure, row)),
    );
    expect(unexplained).toEqual([]);
    const stale = EXPLAINED_FAILURES.filter(
      (row) => !failures.some((failure) => isOf(failure, row)),
    );
    expect(stale.map(({ check }) => check)).toEqual([]);
    expect(failures).toHaveLength(
      EXPLAINED_FAILURES.flatMap(({ resources: explained }) => explained).length,
    );
  });

  test.each(PLANTED_FAULTS)(
    'finds $name',
    (fault) => {
      const before = failuresOf(report);
      const found = failuresOf(judged(withFault(resources, fault))).filter(
        (failure) => !before.includes(failure),
      );
      expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${fault.check} `)));
    },
    minutes,
  );
});
