import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { accountNames } from '@meridian/components/aws/account-names.ts';
import { PAGER_SECRET } from '@meridian/components/observability/kubernetes/alertmanager-chart.ts';
import { deployTrust } from '../../bootstrap/deploy-policies.ts';
import { deployedRevisionOf, REVISION_VARIABLE } from '../../infra/outputs.ts';
import { deploymentSecrets } from '../../tools/doctor/deployment-secrets.ts';
import { builtPulumi } from '../../tools/meridian/rehearsal/testing/built-pulumi.ts';
import { workflowOf } from './workflow-rules.ts';

/** Of a few runs of Pulumi's CLI on a busy machine. */
const DEADLINE_MS = 60_000;

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
        ...{
          environment: 'prod',
          region: 'us-east-1',
          account: '111122223333',
          people: [],
          images: [],
        },
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
  const other = 'b'.repeat(40);
  let folder: string;
  /** The first commit of the repository that is deployed from. */
  let first: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'deploy-'));
    const jq = `#!/bin/sh\nexec ${process.execPath} -e 'const told = JSON.parse(require("fs").readFileSync(0, "utf8"));
      console.log(process.argv.at(-1).includes("deployedRevision") ? told.deployedRevision ?? "" : (told.deployment.resources ?? []).length)' -- "$@"\n`;
    writeFileSync(path.join(folder, 'jq'), jq, { mode: 0o700 });
    writeFileSync(path.join(folder, 'Pulumi.yaml'), 'name: meridian\nruntime: yaml\n');
    await run('git init --quiet; git config user.email a@b.example; git config user.name a');
    await run('for one in 1 2; do git commit --quiet --allow-empty --message $one; done');
    first = (await run('git rev-list --max-parents=0 HEAD')).stdout.trim();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs a script with Pulumi's own CLI, over states in a folder, and a stand-in for jq that knows two questions. */
  async function run(script: string, environment: Readonly<Record<string, string>> = {}) {
    return await promisify(execFile)('bash', ['-e', '-c', script], {
      cwd: folder,
      env: {
        PATH: `${folder}:${path.join(builtPulumi().folder, 'bin')}:${process.env['PATH'] ?? ''}`,
        ...{ HOME: folder, PULUMI_HOME: folder, PULUMI_SKIP_UPDATE_CHECK: 'true' },
        ...{ PULUMI_CONFIG_PASSPHRASE: 'of a test', STATE: `file://${folder}` },
        ...environment,
      },
    });
  }

  /** The stack as a deployment left it: with these outputs, or of no resource at all. */
  let isThere = false;
  async function stackWith(outputs: object | undefined): Promise<void> {
    const urn = 'urn:pulumi:prod::meridian::pulumi:pulumi:Stack::meridian-prod';
    const stack = { urn, custom: false, type: 'pulumi:pulumi:Stack', outputs };
    const deployment = { resources: outputs === undefined ? [] : [stack] };
    writeFileSync(path.join(folder, 'state.json'), JSON.stringify({ version: 3, deployment }));
    await run(
      `pulumi login "$STATE"; ${isThere ? ':' : 'pulumi stack init prod'}; pulumi stack import --stack prod --file state.json`,
    );
    isThere = true;
  }

  const hold = async (base: string): Promise<unknown> =>
    await run(scriptOf('Hold the review against what is deployed'), { BASE: base });

  const refused = (message: RegExp) => ({
    code: 1,
    stdout: expect.stringMatching(message) as unknown,
  });

  test('is told where it is not in the history of what was merged, at once', async () => {
    const asked = { GIVEN: first, GITHUB_OUTPUT: path.join(folder, 'outputs'), REPOSITORY: 'a/b' };
    await expect(run(scriptOf('Ask what is deployed'), asked)).resolves.toBeDefined();
    await expect(
      run(scriptOf('Ask what is deployed'), { ...asked, GIVEN: other }),
    ).rejects.toMatchObject(
      refused(/::error::What is deployed, b{40}, is not in the history .* with base the revision/),
    );
  });

  test(
    'is asked of a stack that is there',
    async () => {
      await expect(hold(revision)).rejects.toMatchObject(
        refused(/::error::The outputs of stack prod cannot be read: .* deploy by hand first/),
      );
    },
    DEADLINE_MS,
  );

  test(
    'is nothing where nothing is deployed: then the review has to be from the first commit',
    async () => {
      await stackWith(undefined);
      await expect(hold(first)).resolves.toBeDefined();
      await expect(hold(revision)).rejects.toMatchObject(
        refused(/::error::Nothing is deployed, .* with base [0-9a-f]{40}/),
      );
    },
    DEADLINE_MS,
  );

  test(
    'is the revision that the stack exports, and a review against another one is refused',
    async () => {
      await stackWith({ deployedRevision: revision });
      await expect(hold(revision)).resolves.toBeDefined();
      await expect(hold(other)).rejects.toMatchObject(
        refused(/::error::Deployed is a{40}, .* against b{40}: .* with base a{40}/),
      );
    },
    DEADLINE_MS,
  );

  test.each([
    ['says none', {}, 'the first commit'],
    ['was deployed by hand from files that were changed', { deployedRevision: null }, 'another'],
  ])(
    'lets no review go on where a stack that has resources %s',
    async (_what, outputs, base) => {
      await stackWith(outputs);
      await expect(hold(base === 'another' ? other : first)).rejects.toMatchObject(
        refused(/::error::Stack prod has 1 resources .* MERIDIAN_REVISION set to that revision/),
      );
    },
    DEADLINE_MS,
  );

  test('is a commit, and nothing where whoever deploys names none', () => {
    expect(deployedRevisionOf({ [REVISION_VARIABLE]: revision })).toBe(revision);
    expect(deployedRevisionOf({ [REVISION_VARIABLE]: '' })).toBeNull();
    expect(deployedRevisionOf({ [REVISION_VARIABLE]: 'main' })).toBeNull();
    expect(deployedRevisionOf({})).toBeNull();
  });
});
