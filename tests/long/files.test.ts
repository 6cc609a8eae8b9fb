import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cut, CUTS, ownFiles, roundsOf } from '../end-to-end/own-files.ts';
import type { Cut, OwnFile } from '../end-to-end/own-files.ts';
import {
  eventually,
  expectSuccess,
  outcomeOf,
  PlatformUnderTest,
} from '../end-to-end/platform-under-test.ts';
import type { Outcome } from '../end-to-end/platform-under-test.ts';

const minutes = 60_000;
const PRODUCTS = 20;

/**
 * What a power cut during a start may leave of each file that we write. Every start begins from the
 * same folders, so each kind of file is cut once in each way and no cut hides another.
 */
describe('a platform of which a power cut has spoilt files', () => {
  let platform: PlatformUnderTest;
  let atRest: string;
  let rounds: readonly (readonly OwnFile[])[];

  beforeAll(async () => {
    platform = await PlatformUnderTest.create();
    expectSuccess(await platform.run(['up', ...platform.ports]));
    expectSuccess(await platform.run(['seed', '--products', String(PRODUCTS)]));
    expectSuccess(await platform.run(['account', '--role', 'merchant']));
    const child = platform.spawn(['up', '--full']);
    const ended = outcomeOf(child);
    const locks = path.join(platform.state, 'pulumi/.pulumi/locks');
    await eventually(
      () => existsSync(locks) && readdirSync(locks, { recursive: true }).length > 0,
      (held) => held,
    );
    process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
    await ended;
    await killAll();
    atRest = `${platform.home}-at-rest`;
    copy(path.join(platform.home, '.local'), atRest);
    rounds = roundsOf(ownFiles(platform));
  }, 15 * minutes);
  afterAll(async () => {
    await killAll();
    await platform.dispose();
    rmSync(atRest, { recursive: true, force: true });
  }, 15 * minutes);

  /** As when the power is gone. */
  async function killAll(): Promise<void> {
    await eventually(
      () => {
        const all = platform.processes();
        for (const { pid } of all) kill(pid);
        return all.length;
      },
      (left) => left === 0,
    );
  }

  async function spoil(files: readonly OwnFile[], how: Cut): Promise<void> {
    await killAll();
    rmSync(path.join(platform.home, '.local'), { recursive: true, force: true });
    copy(atRest, path.join(platform.home, '.local'));
    for (const file of files) cut(file.path, how);
  }

  /** What does harm when it is cut, apart from what is named in a message. */
  async function harmOf(
    files: readonly OwnFile[],
    how: Cut,
    judge: (files: readonly OwnFile[], how: Cut) => Promise<string | OwnFile | undefined>,
  ): Promise<readonly string[]> {
    if (files.length === 0) return [];
    const found = await judge(files, how);
    const verdict = typeof found === 'object' ? `names ${found.kind}` : (found ?? 'works');
    process.stderr.write(`${judge.name}, ${files.length} ${how}: ${verdict.slice(0, 4_000)}\n`);
    if (found === undefined) return [];
    if (typeof found !== 'string') {
      return await harmOf(
        files.filter((file) => file !== found),
        how,
        judge,
      );
    }
    if (files.length === 1) return files.map(({ kind }) => `${kind} ${how}: ${found}`);
    const half = Math.ceil(files.length / 2);
    return [
      ...(await harmOf(files.slice(0, half), how, judge)),
      ...(await harmOf(files.slice(half), how, judge)),
    ];
  }

  /** Undefined for a start that heals all, the file that it names, else what is wrong. */
  async function start(files: readonly OwnFile[], how: Cut): Promise<string | OwnFile | undefined> {
    await spoil(files, how);
    for (const args of [['up'], ['account', '--role', 'merchant']]) {
      const outcome = await platform.run(args);
      if (outcome.code !== 0) return namedBy(outcome, files) ?? printed(outcome);
    }
    const { status, body } = await platform.get('/v1/products?page_size=100');
    const { products } = JSON.parse(body) as { readonly products?: readonly unknown[] };
    return products?.length === PRODUCTS
      ? undefined
      : `its data are not as before: ${status} ${body}`;
  }

  async function destroy(files: readonly OwnFile[], how: Cut): Promise<string | undefined> {
    await spoil(files, how);
    const outcome = await platform.run(['destroy', '--yes']);
    if (outcome.code !== 0) return printed(outcome);
    return existsSync(platform.state) ? `${platform.state} is left` : undefined;
  }

  test('has files of every kind: in its state, in its zones, and of ours in its data', () => {
    const kinds = rounds.flat().map(({ kind }) => kind);
    for (const part of [
      'pulumi/.pulumi/stacks',
      '/zones/<zone>/specs',
      'share/',
      '.pulumi/locks',
    ]) {
      expect([part, kinds.some((kind) => kind.includes(part))]).toEqual([part, true]);
    }
  });

  test(
    'starts again after the power cut where it has spoilt nothing',
    async () => {
      expect(await start([], 'emptied')).toBeUndefined();
    },
    5 * minutes,
  );

  test.each(CUTS)(
    'starts again with every file %s, or names it',
    async (how) => {
      const harm: string[] = [];
      for (const files of rounds) harm.push(...(await harmOf(files, how, start)));
      expect(harm).toEqual([]);
    },
    90 * minutes,
  );

  test.each(CUTS)(
    'is destroyed with every file %s, one kind after the other and all at once',
    async (how) => {
      const harm: string[] = [];
      for (const files of [...rounds, rounds.flat()]) {
        harm.push(...(await harmOf(files, how, destroy)));
      }
      expect(harm).toEqual([]);
    },
    60 * minutes,
  );
});

/** The file that a message with a code names. */
function namedBy(
  { stdout, stderr, code }: Outcome,
  files: readonly OwnFile[],
): OwnFile | undefined {
  const text = stdout + stderr;
  if (code !== 1 || /defect of Meridian|which is a bug/.test(text)) return undefined;
  if (!/\[[A-Z]+(?:_[A-Z]+)+\]|[A-Z]+(?:_[A-Z]+)+: /.test(text)) return undefined;
  return files.find((file) => text.includes(file.path));
}

/** What it says last, Pulumi's summary where there is one: all of it would be pages. */
function printed({ code, stdout, stderr }: Outcome): string {
  const summary = stdout.slice(Math.max(0, stdout.lastIndexOf('\nDiagnostics:')));
  return `exit code ${String(code)}\n${summary.slice(0, 4_000)}\n${stderr.slice(-1_000)}`;
}

/** With the modes of folders, which cpSync of Node.js does not keep and PostgreSQL insists on. */
function copy(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['--archive', from, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has ended meanwhile. (jest's own realm: instanceof does not hold.)
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
