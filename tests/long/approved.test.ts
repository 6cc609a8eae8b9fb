import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startRehearsal } from '@meridian/provider-rehearsal/rehearsal-server.ts';
import type { RehearsalServer } from '@meridian/provider-rehearsal/rehearsal-server.ts';
import { keepNoLog } from '../../tools/engines/pulumi-log.ts';
import type { CommandResult } from '../end-to-end/program-clone.ts';
import { ReviewClone } from '../end-to-end/review-clone.ts';

const DEADLINE_MS = 900_000;

const withRetention = (days: string) =>
  ['services/catalog/topics.ts', 'events: [', `retentionDays: ${days},\n  events: [`] as const;

/**
 * The command, Pulumi's engine and its plans; the providers that rehearse stand in for a cluster, which
 * `npm run test:cluster -- up` has.
 */
describe('meridian up --approved', () => {
  let clone: ReviewClone;
  let cluster: RehearsalServer;
  let base = '';

  const environment = (): Readonly<Record<string, string>> => ({
    ...cluster.environment,
    PATH: [
      path.join(clone.folder, 'tools/language-host'),
      process.env['MERIDIAN_PULUMI_BIN'] ?? '',
      path.dirname(process.execPath),
      '/usr/bin',
      '/bin',
    ].join(path.delimiter),
    MERIDIAN_NODE: process.execPath,
    MERIDIAN_REHEARSAL: 'true',
    NODE_OPTIONS: '',
    PULUMI_HOME: path.join(clone.root, 'home'),
    PULUMI_BACKEND_URL: `file://${path.join(clone.root, 'backend')}`,
    PULUMI_CONFIG_PASSPHRASE: 'test',
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    XDG_CACHE_HOME: path.join(clone.root, 'cache'),
  });

  const pulumi = async (...args: readonly string[]): Promise<void> => {
    const flags = ['--stack', 'staging', '--non-interactive', '--color=never'];
    const { exitCode, stdout, stderr } = await clone.run(
      'pulumi',
      [...args, ...flags],
      environment(),
    );
    expect([exitCode, exitCode === 0 ? '' : stdout + stderr]).toEqual([0, '']);
  };

  /** What somebody approves who reads the review of the files as they are. */
  const digest = async (): Promise<string> =>
    (await clone.reviewOf(`${base}..WORKTREE`)).digest ?? 'none';

  const up = (approved: string, ...more: readonly string[]): Promise<CommandResult> =>
    clone.meridian(
      ['up', '--stack', 'staging', '--base', base, '--approved', approved, ...more],
      environment(),
    );

  beforeAll(async () => {
    clone = new ReviewClone();
    clone.settings('staging', {});
    cluster = await startRehearsal({ folder: path.join(clone.folder, 'infra') });
    for (const folder of ['home', 'backend']) mkdirSync(path.join(clone.root, folder));
    keepNoLog(path.join(clone.root, 'home'));
    const { exitCode, stderr } = await clone.run(
      'pulumi',
      ['stack', 'init', 'staging', '--non-interactive'],
      environment(),
    );
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    await clone.commitAll();
    base = await clone.git('rev-parse', 'HEAD');
    await pulumi('up', '--yes', '--skip-preview');
  }, DEADLINE_MS);
  afterEach(() => clone.takeBack());
  afterAll(() => {
    cluster.close();
    clone[Symbol.dispose]();
  });

  test(
    'deploys what was approved, once more without a change, and no other tree',
    async () => {
      clone.edit(...withRetention('8'));
      const approved = await digest();
      const done = await up(approved);
      expect([done.exitCode, done.exitCode === 0 ? '' : done.stdout + done.stderr]).toEqual([
        0,
        '',
      ]);
      expect((await up(approved)).exitCode).toBe(0);
      await clone.takeBack();
      expect(await up(approved)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('[APPROVAL_DIFFERS]'),
      });
    },
    DEADLINE_MS,
  );

  test(
    'refuses a program that has shown a review something else, until that is accepted',
    async () => {
      // Who looks at it is told by the variable that it writes what it declares to.
      clone.edit(...withRetention("process.env['MERIDIAN_DECLARED_FILE'] === undefined ? 1 : 8"));
      const approved = await digest();
      const cheated = await up(approved);
      expect([cheated.exitCode, cheated.stderr]).toEqual([
        1,
        expect.stringContaining('[DRIFT_NOT_ACCEPTED]'),
      ]);
      expect(cheated.stdout).toMatch(/DRIFT {2}.*KafkaTopic::.*catalog\.events\.v1.*retention\.ms/);
      const [, drift = ''] = /--accept (sha256:[0-9a-f]{64})/.exec(cheated.stderr) ?? [];
      expect((await up(approved, '--accept', drift)).exitCode).toBe(0);
    },
    DEADLINE_MS,
  );
});
