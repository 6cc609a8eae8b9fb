import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { leftoversOf, processesOf } from '../end-to-end/leftovers.ts';
import { MOMENTS } from '../end-to-end/moments.ts';
import type { Moment } from '../end-to-end/moments.ts';
import {
  eventually,
  expectSuccess,
  outcomeOf,
  PlatformUnderTest,
} from '../end-to-end/platform-under-test.ts';

const minutes = 60_000;
const NOTHING = { processes: [], sockets: [], files: [] };

/** A way in which a command ends before its time. */
interface End {
  readonly name: string;
  readonly happens: (command: ChildProcess, platform: PlatformUnderTest) => unknown;
  /** What the command ends with: a reader that goes does not keep it from its work. @default no success */
  readonly code?: 0;
  /** Whether what it left in the folder of temporary files can only be cleared by the next command. */
  readonly abrupt: boolean;
}

const ENDS: readonly End[] = [
  {
    name: 'Ctrl-C',
    happens: ({ pid }) => process.kill(-(pid ?? Number.NaN), 'SIGINT'),
    abrupt: false,
  },
  {
    name: 'a reader that goes',
    happens: ({ stdout }) => stdout?.destroy(),
    code: 0,
    abrupt: false,
  },
  {
    name: 'kill -9 of all of it',
    happens: ({ pid }) => process.kill(-(pid ?? Number.NaN), 'SIGKILL'),
    abrupt: true,
  },
  {
    name: 'kill -9 of the command alone',
    happens: (_command, platform) =>
      untilKilled(() => killAll(platform, /tools\/meridian(?:\.mjs|\/main\.ts) /)),
    abrupt: true,
  },
  {
    name: 'kill -9 of Pulumi, or of the command where there is none yet',
    happens: (_command, platform) =>
      untilKilled(
        () => killAll(platform, /\/pulumi up /) || killAll(platform, /tools\/meridian\/main\.ts /),
      ),
    abrupt: true,
  },
];

/** One start goes on where the one before it was ended, a moment later each time. */
describe.each(ENDS)('a start that meets $name', ({ happens, abrupt, code: expected }) => {
  let platform: PlatformUnderTest;
  let temporary: string;

  beforeEach(async () => {
    platform = await PlatformUnderTest.create();
    temporary = path.join(platform.home, 'tmp');
    mkdirSync(temporary);
  }, minutes);
  afterEach(async () => {
    await platform.dispose();
  }, 2 * minutes);

  /** What is wrong after an end at a moment, if anything. */
  async function endAt({ name, reached }: Moment): Promise<readonly unknown[]> {
    const command = platform.spawn(['up', ...platform.ports], { TMPDIR: temporary });
    let text = '';
    command.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const outcome = outcomeOf(command);
    const ended = (): boolean => command.exitCode !== null || command.signalCode !== null;
    const start = { platform, printed: () => text };
    await eventually(() => ended() || reached(start), Boolean, 2 * minutes);
    const tooEarly = ended();
    if (!tooEarly) await happens(command, platform);
    const { code, stdout, stderr } = await outcome;
    const { files, ...left } = await leftoversOf(platform, temporary, { files: !abrupt });
    const wrong: unknown[] = [];
    if (tooEarly) wrong.push({ name, over: 'before that moment', stdout, stderr });
    if ((code === 0) !== (expected === 0)) wrong.push({ name, code, stdout, stderr });
    if (/defect of Meridian|which is a bug/.test(stdout + stderr)) wrong.push({ name, stderr });
    if (left.processes.length + left.sockets.length > 0) wrong.push({ name, ...left });
    if (!abrupt && files.length > 0) wrong.push({ name, files });
    return wrong;
  }

  test(
    'leaves nothing running but the platform, at ten moments, and the next start goes on',
    async () => {
      const wrong: unknown[] = [];
      for (const moment of MOMENTS) wrong.push(...(await endAt(moment)));
      expectSuccess(await platform.run(['up'], { TMPDIR: temporary }));
      expect((await platform.get('/v1/products')).status).toBe(200);
      expectSuccess(await platform.run(['destroy', '--yes'], { TMPDIR: temporary }));
      expect(platform.processes()).toEqual([]);
      expect(await leftoversOf(platform, temporary)).toEqual(NOTHING);
      expect(wrong).toEqual([]);
    },
    20 * minutes,
  );
});

/** A command that has been started may not yet be the process that it becomes. */
async function untilKilled(kill: () => boolean): Promise<void> {
  await eventually(kill, Boolean);
}

function killAll(platform: PlatformUnderTest, command: RegExp): boolean {
  const found = processesOf(platform).filter((one) => one.ours && command.test(`${one.command} `));
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
  return found.length > 0;
}
