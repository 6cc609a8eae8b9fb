import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { exportedResources } from '../../tools/meridian/rehearsal/exported-resources.ts';
import type { ExportedResource } from '../../tools/meridian/rehearsal/exported-resource.ts';
import { terraformNames } from '../../tools/terraform-plan/terraform-names.ts';
import { terraformPlan } from '../../tools/terraform-plan/terraform-plan.ts';
import { bootstrapResources } from './checkov/bootstrap-resources.ts';
import { EXPLAINED_IN_BOOTSTRAP } from './checkov/explained-in-bootstrap.ts';
import { EXPLAINED_FAILURES } from './checkov/explained-failures.ts';
import type { ExplainedFailure } from './checkov/explained-failures.ts';
import { failuresOf, judgedPlan } from './checkov/judged-plan.ts';
import type { CheckovReport } from './checkov/judged-plan.ts';
import { PLANTED_FAULTS, withFault } from './checkov/planted-faults.ts';

const minutes = 60_000;

let resources: readonly ExportedResource[] = [];
let report: CheckovReport;

const judged = (given: readonly ExportedResource[]) =>
  judgedPlan(terraformPlan(given, terraformNames()));

/** The failures that rows explain, as checkov's are told. */
const explained = (rows: readonly ExplainedFailure[]): readonly string[] =>
  rows.flatMap(({ check, resources: of }) => of.map((one) => `${check} ${one}`)).toSorted();

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
    expect(failuresOf(report)).toEqual(explained(EXPLAINED_FAILURES));
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

describe('checkov on bootstrap', () => {
  test(
    'fails only what is explained, and everything that is explained',
    async () => {
      const made = await bootstrapResources();
      const judgedThen = judged(made);
      const ofAws = made.filter(({ custom, type }) => custom === true && type.startsWith('aws:'));
      expect(ofAws.map(({ type }) => type)).toContain('aws:ecr/repository:Repository');
      expect(judgedThen.summary).toMatchObject({ resource_count: ofAws.length, parsing_errors: 0 });
      expect(failuresOf(judgedThen)).toEqual(explained(EXPLAINED_IN_BOOTSTRAP));
    },
    5 * minutes,
  );
});
