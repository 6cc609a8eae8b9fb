import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheFolder } from '../../../tools/engines/cache.ts';
import { checkovCommand } from '../../../tools/engines/checkov.ts';
import type { TerraformPlan } from '../../../tools/terraform-plan/terraform-plan.ts';

/** What checkov says of one resource by one of its checks. */
export interface CheckovVerdict {
  readonly check_id: string;
  readonly resource: string;
}

/** What checkov prints, as far as it is read. */
export interface CheckovReport {
  readonly results: {
    readonly passed_checks: readonly CheckovVerdict[];
    readonly failed_checks: readonly CheckovVerdict[];
  };
  readonly summary: {
    readonly resource_count: number;
    readonly parsing_errors: number;
    readonly skipped: number;
    readonly checkov_version: string;
  };
}

/** Has checkov judge a plan: offline, by the checks that it comes with. What is not known before a deployment is there to it. */
export function judgedPlan(plan: TerraformPlan): CheckovReport {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-checkov-'));
  try {
    const file = path.join(folder, 'plan.json');
    writeFileSync(file, JSON.stringify(plan));
    const { stdout, stderr, error } = spawnSync(
      checkovCommand(cacheFolder()),
      [
        ...['--file', file, '--framework', 'terraform_plan', '--output', 'json', '--compact'],
        ...['--skip-download', '--soft-fail'],
      ],
      {
        env: { PATH: process.env['PATH'], HOME: folder, EVAL_TF_PLAN_AFTER_UNKNOWN: 'true' },
        encoding: 'utf8',
        maxBuffer: 256 * 1024 * 1024,
      },
    );
    if (error !== undefined || stdout === '') throw new Error(`checkov failed: ${stderr}`);
    return JSON.parse(stdout) as CheckovReport;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Each failure as one line, sorted. */
export function failuresOf({ results }: CheckovReport): readonly string[] {
  return results.failed_checks
    .map(({ check_id: check, resource }) => `${check} ${resource}`)
    .toSorted();
}
