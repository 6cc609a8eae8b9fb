import { existsSync, readdirSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { leftoversOf } from './leftovers.ts';
import { eventually, occupy, outcomeOf, PlatformUnderTest } from './platform-under-test.ts';

const minutes = 60_000;

/** What goes wrong at a user's desk, in the order in which one platform can meet it. */
describe('npm start in trouble', () => {
  let platform: PlatformUnderTest;

  beforeAll(async () => {
    platform = await PlatformUnderTest.create();
  });
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
    'says who holds a taken port, and starts once it is free',
    async () => {
      const holder = await occupy(platform.edgePort);
      const refused = await platform.run(['up', ...platform.ports]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(
        new RegExp(`${platform.edgePort}.*is taken by pid ${process.pid} .*PORT_TAKEN`, 's'),
      );
      expect(existsSync(path.join(platform.state, 'pulumi'))).toBe(false);
      await new Promise((resolve) => holder.close(resolve));
      const outcome = await platform.run(['up', ...platform.ports]);
      expect([outcome.code, outcome.stderr]).toEqual([0, expect.anything()]);
    },
    5 * minutes,
  );

  test(
    'refuses a second start while one is at work, and names it',
    async () => {
      const first = platform.spawn(['up', '--json']);
      const firstOutcome = outcomeOf(first);
      await eventually(
        () => existsSync(path.join(platform.state, 'lock')),
        (held) => held,
      );
      const second = await platform.run(['up']);
      expect(second.code).toBe(1);
      expect(second.stderr).toMatch(/'npm start' is already at work \(process \d+/);
      expect((await firstOutcome).code).toBe(0);
    },
    3 * minutes,
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
    },
    3 * minutes,
  );

  test.each([
    ['SIGINT', /Interrupted\. What was done is kept/],
    ['SIGKILL', /^/],
  ] as const)(
    'goes on after %s half-way, without cleaning by hand',
    async (signal, said) => {
      await platform.run(['destroy', '--yes']);
      const broken = platform.spawn(['up', ...platform.ports]);
      const outcome = outcomeOf(broken);
      await eventually(
        () => existsSync(path.join(platform.state, 'zones/a/specs/postgres.json')),
        (begun) => begun,
        2 * minutes,
      );
      // The whole foreground group, as a terminal's Ctrl-C does.
      process.kill(-(broken.pid ?? Number.NaN), signal);
      const { code, stderr } = await outcome;
      expect(code).not.toBe(0);
      expect(stderr).toMatch(said);
      // Nothing of the command is left, only the agents that it has started.
      const left = await leftoversOf(platform, '', { files: false });
      expect(left).toEqual({ processes: [], sockets: [], files: [] });
      const next = await platform.run(['up']);
      if (next.code !== 0) throw new Error(next.stdout + next.stderr);
      expect((await platform.get('/v1/products')).status).toBe(200);
    },
    5 * minutes,
  );
});
