import { existsSync, mkdirSync, readdirSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { judge, programFolderIn, variablesIn } from './environment-run.ts';
import { ENVIRONMENTS } from './environment.ts';
import { leftoversOf } from './leftovers.ts';
import { eventually, occupy, outcomeOf, PlatformUnderTest } from './platform-under-test.ts';
import { copySmallProgram } from './program-copy.ts';
import { up } from './up-result.ts';

const minutes = 60_000;
const always = ENVIRONMENTS.filter((one) => one.always);
const names = always.map(({ name }) => name).join(', ');

/**
 * What goes wrong at a user's desk, in the order in which one platform can meet it: the small program,
 * in a session and a clone that are odd in every way that costs nothing.
 */
describe(`npm start in trouble, with ${names}`, () => {
  let platform: PlatformUnderTest;
  let temporary: string;

  beforeAll(async () => {
    platform = await PlatformUnderTest.create({
      program: (home) => copySmallProgram(programFolderIn(always, home)),
      variables: (home) => ({ ...variablesIn(always, home), TMPDIR: path.join(home, 'tmp') }),
    });
    temporary = path.join(platform.home, 'tmp');
    mkdirSync(temporary);
  }, minutes);
  afterAll(async () => {
    await platform.dispose();
  }, 2 * minutes);

  test(
    'names every wrong setting at once, and nothing is begun',
    async () => {
      const outcome = await platform.run([
        'up',
        '-c',
        'edgePort=80',
        '-c',
        'portBase=x',
        '-c',
        'zones=2',
      ]);
      expect(outcome.code).toBe(1);
      expect(outcome.stderr).toMatch(/'meridian:edgePort': must be .* 1024 to 65535, got '80'/);
      expect(outcome.stderr).toMatch(/'meridian:portBase': must be .*, got 'x'/);
      expect(outcome.stderr).toMatch(/'meridian:zones': must be one of/);
      expect(outcome.stderr).not.toMatch(/ at .*\.ts:\d+/);
      expect(existsSync(path.join(platform.state, 'pulumi'))).toBe(false);
    },
    minutes,
  );

  test(
    'names every folder that cannot be once, with the way to have another, and touches none',
    async () => {
      const state = path.join(platform.home, 'a:b');
      const data = path.join(platform.home, 'a,b');
      const folders = { XDG_STATE_HOME: state, XDG_DATA_HOME: data };
      const outcome = await platform.run(['up'], folders);
      expect(outcome.code).toBe(1);
      expect(outcome.stderr.match(/must be/g)).toHaveLength(2);
      expect(outcome.stderr).toMatch(/without a colon.*XDG_STATE_HOME.*without a comma.*XDG_DATA/s);
      expect(outcome.stderr).toContain('[FOLDER_INVALID]');
      expect([existsSync(state), existsSync(data)]).toEqual([false, false]);
    },
    minutes,
  );

  test('notices a flag that npm took for itself', async () => {
    const outcome = await platform.run(['up'], {
      npm_lifecycle_event: 'start',
      npm_config_json: 'true',
    });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/npm start -- --json/);
  });

  test('names an unknown command and what it may have meant', async () => {
    const outcome = await platform.run(['stat']);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/unknown command 'stat'[\s\S]*Did you mean/);
  });

  test(
    'says who holds a taken port, and nothing is begun',
    async () => {
      const holder = await occupy(platform.edgePort);
      const refused = await platform.run(['up', ...platform.ports]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(
        new RegExp(`${platform.edgePort}.*is taken by pid ${process.pid} .*PORT_TAKEN`, 's'),
      );
      expect(existsSync(path.join(platform.state, 'pulumi'))).toBe(false);
      await new Promise((resolve) => holder.close(resolve));
    },
    minutes,
  );

  test(
    'starts once it is free, and refuses a second start meanwhile, which names the first',
    async () => {
      const first = outcomeOf(platform.spawn(['up', ...platform.ports]));
      await eventually(
        () => existsSync(path.join(platform.state, 'lock')),
        (held) => held,
      );
      const second = await platform.run(['up']);
      expect(second.code).toBe(1);
      expect(second.stderr).toMatch(/'npm start' is already at work \(process \d+/);
      judge(always, await first);
      expect((await platform.get('/')).status).toBe(200);
    },
    5 * minutes,
  );

  test(
    'refuses another clone, and tells which one runs',
    async () => {
      const outcome = await platform.run(['up'], { MERIDIAN_CLONE: '/another/clone' });
      expect(outcome.code).toBe(1);
      expect(outcome.stderr).toMatch(/is running from .*\[PLATFORM_FOREIGN\]/s);
    },
    minutes,
  );

  test(
    'asks before it destroys anything',
    async () => {
      const unasked = await platform.run(['destroy']);
      expect(unasked.code).toBe(1);
      expect(unasked.stderr).toMatch(/--yes.*\[CONFIRMATION_NEEDED\]/s);
      expect((await platform.get('/')).status).toBe(200);
    },
    minutes,
  );

  test(
    'is removed while it runs though every file of its Pulumi is torn, and leaves nothing',
    async () => {
      const backend = path.join(platform.state, 'pulumi');
      for (const entry of readdirSync(backend, { recursive: true, withFileTypes: true })) {
        if (entry.isFile()) truncateSync(path.join(entry.parentPath, entry.name), 0);
      }
      const outcome = await platform.run(['destroy', '--yes']);
      expect([outcome.code, outcome.stderr]).toEqual([0, expect.stringContaining('was torn')]);
      expect(platform.processes()).toEqual([]);
      expect([platform.state, platform.runtime].filter((folder) => existsSync(folder))).toEqual([]);
      const left = await leftoversOf(platform, temporary);
      expect(left).toEqual({ processes: [], sockets: [], files: [] });
    },
    3 * minutes,
  );

  /** Each start goes on where the one before it was ended, and is ended itself a moment later. */
  test.each([
    ['SIGINT', 'zones/a/specs/postgres.json', /Interrupted\. What was done is kept/],
    ['SIGKILL', 'zones/a/specs/door-a-0.json', /^/],
  ] as const)(
    'is ended by %s as it has written %s, and leaves only its agents',
    async (signal, moment, said) => {
      const broken = platform.spawn(['up', ...platform.ports]);
      const outcome = outcomeOf(broken);
      const isOver = (): boolean => broken.exitCode !== null || broken.signalCode !== null;
      await eventually(
        () => isOver() || existsSync(path.join(platform.state, moment)),
        Boolean,
        2 * minutes,
      );
      // The whole foreground group, as a terminal's Ctrl-C does.
      if (!isOver()) process.kill(-(broken.pid ?? Number.NaN), signal);
      const { code, stderr } = await outcome;
      expect([code, stderr]).toEqual([
        signal === 'SIGKILL' ? null : expect.any(Number),
        expect.stringMatching(said),
      ]);
      expect(code).not.toBe(0);
      const left = await leftoversOf(platform, '', { files: false });
      expect(left).toEqual({ processes: [], sockets: [], files: [] });
    },
    3 * minutes,
  );

  test(
    'goes on from there without cleaning by hand',
    async () => {
      judge(always, await platform.run(['up']));
      expect((await platform.get('/')).status).toBe(200);
    },
    3 * minutes,
  );

  test(
    'leaves no process when it is stopped, and starts what was stopped, and nothing else, on the data that it had',
    async () => {
      // Written once, when PostgreSQL makes its folder.
      const version = path.join(platform.folders.data, 'a/postgres/cluster/PG_VERSION');
      const made = (): number => statSync(version).mtimeMs;
      const before = made();
      const stopped = await platform.run(['stop', '--json']);
      judge(always, stopped);
      expect(JSON.parse(stopped.stdout)).toEqual({ stopped: ['a', 'b', 'c', 'edge'] });
      expect(platform.processes()).toEqual([]);
      const { changes, startedAgain } = await up(platform);
      expect(startedAgain).toBeGreaterThan(0);
      expect(changes).toEqual({ same: expect.any(Number), update: startedAgain });
      expect(made()).toBe(before);
      expect((await platform.get('/')).status).toBe(200);
    },
    3 * minutes,
  );
});
