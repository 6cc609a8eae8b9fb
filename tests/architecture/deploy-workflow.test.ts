import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { accountNames } from '@meridian/components/aws/account-names.ts';
import { PAGER_SECRET } from '@meridian/components/observability/kubernetes/alertmanager-chart.ts';
import { deployTrust } from '../../bootstrap/deploy-policies.ts';
import { deployedRevisionOf, REVISION_VARIABLE } from '../../infra/outputs.ts';
import { deploymentSecrets } from '../../tools/doctor/deployment-secrets.ts';
import { workflowOf } from './workflow-rules.ts';

const file = path.resolve(import.meta.dirname, '../../.github/workflows/deploy.yml');
const text = readFileSync(file, 'utf8');
const workflow = workflowOf(text) as unknown as {
  readonly concurrency: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
};

interface Job {
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly name?: string; readonly run?: string }[];
}

const scriptOf = (name: string): string =>
  Object.values(workflow.jobs)
    .flatMap(({ steps }) => steps)
    .find((step) => step.name === name)?.run ?? 'exit 99';

describe('the workflow that deploys', () => {
  test('lets only the job that people have approved say who it is, and never breaks one off', () => {
    const { review, deploy } = workflow.jobs;
    expect(review?.permissions).toEqual({ contents: 'read', deployments: 'read' });
    expect(review?.environment).toBeUndefined();
    expect(deploy).toMatchObject({
      environment: 'prod',
      permissions: { contents: 'read', 'id-token': 'write' },
    });
    expect(workflow.concurrency).toEqual({ group: 'deploy-prod', 'cancel-in-progress': false });
  });

  test('is whom the deploy role trusts, and asks for nothing longer than it lends', () => {
    const trust = JSON.stringify(
      deployTrust({
        ...{ environment: 'prod', region: 'us-east-1', account: '111122223333', people: [] },
        ...{ repository: 'example/meridian', alarmEmail: 'a@meridian.example', budgetUsdMonth: 1 },
      }),
    );
    expect(trust).toContain('repo:example/meridian:environment:prod');
    expect(text).toContain('audience=sts.amazonaws.com');
    expect(accountNames('prod').deploy).toBe('meridian-prod-deploy');
  });

  test('reads the secrets that doctor looks for, and no others', () => {
    const read = [...text.matchAll(/--secret-id (\S+)/g)].map(([, name]) => name);
    expect(read.toSorted()).toEqual(Object.values(deploymentSecrets('prod')).toSorted());
    expect(scriptOf('Bring what people are paged by')).toContain(`generic ${PAGER_SECRET} `);
  });
});

describe('the last word about what is deployed', () => {
  const revision = 'a'.repeat(40);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'deploy-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs the step with programs that stand in for pulumi and jq: what is read is one text of one object. */
  async function hold(outputs: object, base: string): Promise<unknown> {
    const programs: Readonly<Record<string, string>> = {
      pulumi: `#!/bin/sh\n[ "$1" = login ] || echo '${JSON.stringify(outputs)}'\n`,
      jq: `#!/bin/sh\nexec ${process.execPath} -e 'console.log(JSON.parse(require("fs").readFileSync(0, "utf8")).deployedRevision ?? "")'\n`,
    };
    for (const [name, script] of Object.entries(programs)) {
      writeFileSync(path.join(folder, name), script);
      chmodSync(path.join(folder, name), 0o700);
    }
    return await promisify(execFile)(
      'bash',
      ['-e', '-c', scriptOf('Hold the review against what is deployed')],
      { env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, BASE: base, STATE: 's3://x' } },
    );
  }

  test.each([
    ['is what was reviewed against', { deployedRevision: revision }],
    ['is nothing at first', {}],
    ['is not said', { deployedRevision: null }],
  ])('lets a deployment go on where it %s', async (_what, outputs) => {
    await expect(hold(outputs, revision)).resolves.toBeDefined();
  });

  test('refuses one that was reviewed against something else', async () => {
    await expect(hold({ deployedRevision: 'b'.repeat(40) }, revision)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/::error::Deployed is b{40}, .* with base b{40}/) as unknown,
    });
  });

  test('is a commit, and nothing where whoever deploys names none', () => {
    expect(deployedRevisionOf({ [REVISION_VARIABLE]: revision })).toBe(revision);
    expect(deployedRevisionOf({ [REVISION_VARIABLE]: '' })).toBeNull();
    expect(deployedRevisionOf({ [REVISION_VARIABLE]: 'main' })).toBeNull();
    expect(deployedRevisionOf({})).toBeNull();
  });
});
