import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import { reportError } from '../../meridian/report-error.ts';
import { commentOnRun } from './comment-on-run.ts';
import { workflowRunOf } from './workflow-run.ts';

// What .github/workflows/review-comment.yml runs, by the code of the default branch.
function variable(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new CodedError(
    'REVIEW_EVENT_UNUSABLE',
    `Variable ${name}: must be set, got nothing; run it in a workflow, as review-comment.yml does`,
  );
}

try {
  const payload: unknown = JSON.parse(readFileSync(variable('GITHUB_EVENT_PATH'), 'utf8'));
  const access = {
    url: variable('GITHUB_API_URL'),
    token: variable('GITHUB_TOKEN'),
    wait: async (ms: number) => await delay(ms),
  };
  process.stdout.write(`${await commentOnRun(access, workflowRunOf(payload))}\n`);
} catch (error) {
  process.exitCode = reportError(error);
}
