import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { OTHER_CHANGES, REFUSED } from './harness/changes/other-changes.ts';
import { makeChanges, untold } from './harness/changes/staging-change.ts';
import { TWELVE_KINDS } from './harness/changes/twelve-kinds.ts';
import { driftOf } from './harness/drift.ts';
import { startDeployment, type Deployment } from './harness/deployment.ts';
import type { CommandEnd, PulumiRun } from './harness/deployed-stack.ts';
import type { ApiObject } from './harness/kubernetes-client.ts';
import { previewLines } from './harness/preview-lines.ts';
import { PLAYED_KINDS } from './harness/played-kinds.ts';
import { RehearsedCopy } from './harness/rehearsed-copy.ts';

const DATA = 'meridian-data';
const JOBS = `/apis/batch/v1/namespaces/${DATA}/jobs`;
const TOPICS = `/apis/kafka.strimzi.io/v1/namespaces/${DATA}/kafkatopics`;
const TOPIC = 'catalog.events.v1';
const ALL_NODES = '--selector=kubernetes.io/os=linux';

const ALL = process.env['MERIDIAN_TEST_ALL'] === 'true';

/** What is previewed together; with `--all` whatever we know. */
const PREVIEWED = ALL ? [TWELVE_KINDS, ...OTHER_CHANGES] : [TWELVE_KINDS];

/** A deployment from nothing, on a machine that does other things besides. */
const LONG_MS = 900_000;

interface Job extends ApiObject {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface Topic extends ApiObject {
  readonly spec: {
    readonly partitions: number;
    readonly config: Readonly<Record<string, unknown>>;
  };
}

/** An edit of the program. */
const withPartitions = (partitions: number) =>
  ['services/catalog/topics.ts', 'events: [', `partitions: ${partitions},\n  events: [`] as const;

const withRetention = (days: string) =>
  ['services/catalog/topics.ts', 'events: [', `retentionDays: ${days},\n  events: [`] as const;

/** What a run did to resources, and whether anything was against it. */
const told = ({ exitCode, report, errors }: PulumiRun) => ({
  exitCode,
  errors,
  changes: report.resources.map(({ operation, name }) => `${operation} ${name}`),
});

/** All that a command printed which failed; nothing of one that did not. */
const failureOf = ({ exitCode, stdout, stderr }: CommandEnd): string =>
  exitCode === 0 ? '' : `exit code ${exitCode}\n${stdout}${stderr}`;

const NOTHING = { exitCode: 0, errors: [], changes: [] };

/** `pulumi up --stack staging`: Pulumi's own engine and provider, as a user with the role of docs/deployer-role.yaml. */
describe('the program in the hands of who deploys', () => {
  let deployment: Deployment;

  beforeAll(async () => {
    deployment = await startDeployment();
  });
  afterEach(() => {
    deployment.program.restore();
  });
  afterAll(async () => {
    await deployment[Symbol.asyncDispose]();
  });

  const jobs = async (prefix: string): Promise<readonly Job[]> =>
    (await deployment.cluster.api.list<Job>(JOBS)).filter(({ metadata }) =>
      metadata.name.startsWith(prefix),
    );
  const isComplete = ({ status }: Job): boolean =>
    status?.conditions?.some(({ type, status: is }) => type === 'Complete' && is === 'True') ??
    false;

  test(
    'previews all of it where nothing is yet',
    async () => {
      const { exitCode, errors, report } = await deployment.stack.run('preview');
      expect([exitCode, ...errors]).toEqual([0]);
      expect(new Set(report.resources.map(({ operation }) => operation))).toEqual(
        new Set(['create']),
      );
    },
    LONG_MS,
  );

  test(
    'goes on where a deployment was killed, with another value too, and has nothing refused',
    async () => {
      const { stack, operators, program, cluster } = deployment;
      const partitions = async () =>
        (await cluster.api.list<Topic>(TOPICS)).find(({ metadata }) => metadata.name === TOPIC)
          ?.spec.partitions;
      // Topics are made and not ready, so they are in no state when all ends.
      operators.holdBack('KafkaTopic');
      program.edit(...withPartitions(6));
      const begun = stack.begin('up');
      await eventually(partitions, (found) => found === 6, 240_000);
      begun.kill();
      expect((await begun.ended).exitCode).not.toBe(0);
      // The lock of the one that was killed.
      await stack.succeed('cancel', '--yes', '--stack', 'staging');
      operators.goOn();
      program.restore();
      const run = await stack.run('up');
      expect(run).toMatchObject({ exitCode: 0, errors: [] });
      expect(await partitions()).toBe(12);
      operators.check();
    },
    LONG_MS,
  );

  test('changes nothing the second time', async () => {
    expect(told(await deployment.stack.run('preview', '--expect-no-changes'))).toEqual(NOTHING);
  });

  test('finds no drift, with the rights of who deploys', async () => {
    const { kubeconfig, program } = deployment;
    const drift = await driftOf(kubeconfig, program.folder);
    expect(drift).toMatchObject({ objects: [], undeclared: [], unlisted: [] });
    expect(drift.services.filter(({ drift: release }) => release !== 'none')).toEqual([]);
    // It has a null among its values, which this provider drops (docs/testing-on-a-cluster.md).
    expect(drift.charts.map(({ chart, drift: found }) => `${chart}: ${found}`)).toEqual([
      'alertmanager: other values',
    ]);
  });

  test('previews one change as that and no other', async () => {
    const { program, stack } = deployment;
    program.edit(...withPartitions(24));
    const { exitCode, errors, events } = await stack.run('preview');
    expect([exitCode, ...errors]).toEqual([0]);
    expect(previewLines(events)).toEqual(
      [TOPIC, `${TOPIC}.dlq`].flatMap((topic) =>
        ['', ' spec.partitions: 12 → 24'].map(
          (field) => `update kafkatopic-${DATA}-${topic}${field}`,
        ),
      ),
    );
  });

  test(
    'deploys what was approved, and refuses a program that has shown a review something else',
    async () => {
      const { program, stack, cluster } = deployment;
      const base = await stack.commit();
      const retention = async () =>
        (await cluster.api.list<Topic>(TOPICS)).find(({ metadata }) => metadata.name === TOPIC)
          ?.spec.config['retention.ms'];
      const approve = async () => {
        const { stdout, stderr } = await stack.meridian(
          ...['review', `${base}..WORKTREE`, '--stack', 'staging', '--json'],
        );
        if (stdout === '') throw new Error(stderr);
        const { reviews } = JSON.parse(stdout) as {
          readonly reviews: readonly [{ readonly digest: string }];
        };
        return reviews[0].digest;
      };
      const up = (digest: string, ...more: readonly string[]) =>
        stack.meridian(
          ...['up', '--stack', 'staging', '--base', base, '--approved', digest, ...more],
        );
      program.edit(...withRetention('8'));
      const approved = await approve();
      // This provider, older than the SDK, drops nulls (docs/testing-on-a-cluster.md): that, and nothing else, is drift.
      const drift = await up(approved);
      expect(drift.stdout.match(/^DRIFT .*$/gm)).toEqual([
        expect.stringMatching(
          /release-alertmanager: approved same, would same \(values\.livenessProbe\.httpGet: null → nothing, values\.readinessProbe\.httpGet: null → nothing\)$/,
        ),
      ]);
      const accepted = ['--accept', /--accept (?<digest>sha256:\w+)/.exec(drift.stderr)?.[1] ?? ''];
      expect(failureOf(await up(approved, ...accepted))).toBe('');
      expect(await retention()).toBe(8 * 86_400_000);
      // It is deployed already, and drift is something else; the tree is still what was approved.
      expect(failureOf(await up(approved, ...accepted))).toBe('');
      // The digest of another tree is not of this one.
      program.restore();
      const other = await up(approved, ...accepted);
      expect([other.exitCode, other.stderr]).toEqual([
        1,
        expect.stringContaining('[APPROVAL_DIFFERS]'),
      ]);
      // Who looks at it is told in a review by the variable that the program writes what it declares to.
      program.edit(...withRetention(`process.env['MERIDIAN_DECLARED_FILE'] === undefined ? 1 : 8`));
      const shown = await approve();
      expect(shown).toBe(approved);
      const cheated = await up(shown, ...accepted);
      expect([cheated.exitCode, cheated.stderr]).toEqual([
        1,
        expect.stringContaining('[DRIFT_NOT_ACCEPTED]'),
      ]);
      expect(cheated.stdout).toMatch(/DRIFT {2}.*KafkaTopic::.*catalog\.events\.v1.*retention\.ms/);
      program.restore();
      expect((await stack.run('up')).exitCode).toBe(0);
    },
    LONG_MS,
  );

  test(
    'previews changes of each kind as a rehearsal does, field by field',
    async () => {
      const { program, stack } = deployment;
      using rehearsed = await RehearsedCopy.create(program);
      for (const changes of PREVIEWED) {
        await makeChanges(changes, program, stack);
        const { exitCode, errors, events } = await stack.run('preview');
        expect([exitCode, ...errors]).toEqual([0]);
        const lines = previewLines(events);
        const rehearsal = previewLines(await rehearsed.preview());
        program.restore();
        expect(lines).toEqual(rehearsal);
        expect(untold(changes, lines)).toEqual([]);
      }
      for (const change of ALL ? REFUSED : []) {
        await makeChanges([change], program, stack);
        const { exitCode, errors } = await stack.run('preview');
        expect(exitCode).not.toBe(0);
        expect(errors.join('\n')).toMatch(change.shows);
        await expect(rehearsed.preview()).rejects.toThrow(change.shows);
        program.restore();
      }
    },
    LONG_MS,
  );

  test(
    'finds by a refresh what somebody deleted, and makes it again',
    async () => {
      const { stack, cluster } = deployment;
      await cluster.api.delete(`${TOPICS}/${TOPIC}`);
      await eventually(
        () => cluster.api.list(TOPICS),
        (topics) => topics.every(({ metadata }) => metadata.name !== TOPIC),
      );
      const refreshed = told(await stack.run('refresh'));
      expect(refreshed).toMatchObject({ exitCode: 0, errors: [] });
      expect(refreshed.changes.filter((change) => !change.startsWith('update'))).toEqual([
        `delete kafkatopic-${DATA}-${TOPIC}`,
      ]);
      expect(told(await stack.run('up'))).toEqual({
        ...NOTHING,
        changes: [`create kafkatopic-${DATA}-${TOPIC}`],
      });
    },
    LONG_MS,
  );

  test(
    'fails with a Job, and runs it again',
    async () => {
      const { stack, cluster } = deployment;
      const before = new Set((await jobs('credentials-')).map(({ metadata }) => metadata.name));
      await stack.set('passwordGeneration', '2');
      // No node takes a pod, so that its time runs out, which is cut short.
      await cluster.kubectl('cordon', ALL_NODES);
      const { ended } = stack.begin('up');
      const cut = new Set<string>();
      const failed = await eventually(
        async () => {
          const added = (await jobs('credentials-')).map(({ metadata }) => metadata.name);
          for (const name of added.filter((one) => !before.has(one) && !cut.has(one))) {
            await cluster.api.merge(`${JOBS}/${name}`, { spec: { activeDeadlineSeconds: 1 } });
            cut.add(name);
          }
          return await Promise.race([ended, Promise.resolve(undefined)]);
        },
        (run) => run !== undefined,
        LONG_MS,
      );
      expect(failed?.exitCode).not.toBe(0);
      expect(failed?.errors.join('\n')).toContain('DeadlineExceeded');
      await cluster.kubectl('uncordon', ALL_NODES);
      const again = await stack.run('up');
      expect(again).toMatchObject({ exitCode: 0, errors: [] });
      const replaced = again.report.resources.filter(({ operation }) => operation === 'replace');
      expect(replaced.map(({ name }) => name.replace(`job-${DATA}-`, '')).toSorted()).toEqual(
        [...cut].toSorted(),
      );
      expect((await jobs('credentials-')).every(isComplete)).toBe(true);
      expect(told(await stack.run('preview', '--expect-no-changes'))).toEqual(NOTHING);
    },
    LONG_MS,
  );

  test(
    'makes changes of each kind, and has nothing to do then',
    async () => {
      const { program, stack, operators } = deployment;
      await makeChanges(TWELVE_KINDS, program, stack);
      const { exitCode, errors, report } = await stack.run('up');
      expect([exitCode, ...errors]).toEqual([0]);
      operators.check();
      const made = report.resources.map(({ operation, name }) => `${operation} ${name}`);
      expect(made).toEqual(
        expect.arrayContaining([
          'update scaledobject-meridian-payments',
          'create kafkatopic-meridian-data-identity.events.v2',
          'replace secret-meridian-external-payment-provider-binding',
          'delete cronjob-meridian-order-story',
        ]),
      );
      expect(told(await stack.run('preview', '--expect-no-changes'))).toEqual(NOTHING);
    },
    LONG_MS,
  );

  test(
    'leaves nothing when it is destroyed',
    async () => {
      const { stack, cluster } = deployment;
      await stack.succeed('state', 'unprotect', '--all', '--yes', '--stack', 'staging');
      expect(await stack.run('destroy')).toMatchObject({ exitCode: 0, errors: [] });
      deployment.operators.check();
      const left = await cluster.kubectl(
        ...['get', 'namespaces,clusterroles,clusterrolebindings,priorityclasses'],
        ...['--selector', 'app.kubernetes.io/part-of=meridian', '--output', 'name'],
      );
      expect(left).toBe('');
      const kinds = [
        ...PLAYED_KINDS.map(
          ({ plural, apiVersion }) => `${plural}.${apiVersion.split('/')[0] ?? ''}`,
        ),
        ...[
          'certificates.cert-manager.io',
          'clusterissuers.cert-manager.io',
          'rollouts.argoproj.io',
        ],
      ];
      const objects = [...kinds, 'services', 'jobs', 'deployments', 'persistentvolumeclaims'];
      const found = await cluster.kubectl('get', objects.join(','), '-A', '--output', 'name');
      const others = ['service/kubernetes', 'service/metrics-stand-in'];
      expect(found.split('\n').filter((name) => !others.includes(name))).toEqual(['']);
    },
    LONG_MS,
  );
});
