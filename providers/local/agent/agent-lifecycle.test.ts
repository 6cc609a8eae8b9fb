import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { foldersEnvironment } from '../folders.ts';
import { compileCache } from '../machine/compile-cache.ts';
import { bootId, identify, killProcess, startTimeOf } from '../machine/process-table.ts';
import { agentIsRunning, removeZone } from './start/start-agent.ts';
import { TestZone, until } from './testing/test-zone.ts';
import { ANOTHER_RUNS } from './zone/zone-lock.ts';

let zone: TestZone;

jest.setTimeout(60_000);

beforeAll(async () => {
  zone = await TestZone.create();
});

beforeEach(async () => {
  await zone.start();
});

afterEach(() => zone.clear());

afterAll(() => zone.dispose());

describe('a process of the zone', () => {
  test('is ready when its probe answers, and keeps its pid when the same spec is put again', async () => {
    const spec = await zone.listener('web');
    const status = await zone.run(spec);
    expect(status).toMatchObject({ state: 'ready', restarts: 0, listens: spec.listens });
    const again = await zone.client.putProcess(spec);
    expect(again.pid).toBe(status.pid);
    expect(await zone.noted('web started')).toHaveLength(1);
  });

  test('names the folder behind the link to the program, and when it starts again the latest', async () => {
    const [first, second, link] = ['1', '2', ''].map((copy) => zone.folders.program + copy);
    for (const folder of [first, second]) mkdirSync(folder ?? '');
    symlinkSync(first ?? '', link ?? '');
    const before = await zone.run(zone.spec('web', { environment: { LABEL: 'web ${program}' } }));
    await until('it is started from the one', async () => {
      return (await zone.noted(`web ${first}`)).length === 1;
    });
    unlinkSync(link ?? '');
    symlinkSync(second ?? '', link ?? '');
    process.kill(before.pid ?? 0, 'SIGKILL');
    await until('it is started from the other', async () => {
      return (await zone.noted(`web ${second}`)).length === 1;
    });
    unlinkSync(link ?? '');
  });

  test('is started again with another pid after kill -9', async () => {
    const before = await zone.run(await zone.listener('web'));
    process.kill(before.pid ?? 0, 'SIGKILL');
    await until('it is ready again', async () => {
      const now = await zone.status('web');
      return now.state === 'ready' && now.pid !== before.pid;
    });
    expect(await zone.status('web')).toMatchObject({
      restarts: 1,
      lastExit: { code: null, signal: 'SIGKILL' },
    });
  });

  test('takes what it has started with it when it is killed', async () => {
    const spec = zone.spec('parent', { environment: { SPAWN_SLEEPER: '1' } });
    const { pid } = await zone.run(spec);
    await until('it has a child', async () => (await zone.noted('parent spawned')).length === 1);
    const [line = ''] = await zone.noted('parent spawned');
    const sleeper = Number(/spawned-(\d+)/.exec(line)?.[1]);
    expect(identify(sleeper)).toBeDefined();
    process.kill(pid ?? 0, 'SIGKILL');
    await until('the child is gone', () => identify(sleeper) === undefined);
  });

  test('is unready after three failed probes, not killed, and ready again when it answers', async () => {
    const { pid = 0 } = await zone.run(await zone.listener('web'));
    process.kill(pid, 'SIGUSR2');
    await until('it is unready', async () => (await zone.status('web')).state === 'unready');
    process.kill(pid, 'SIGUSR2');
    await until('it is ready', async () => (await zone.status('web')).state === 'ready');
    expect(await zone.status('web')).toMatchObject({ pid, restarts: 0 });
  });

  test('is killed when it does not stop in its grace', async () => {
    const { pid = 0 } = await zone.run(
      await zone.listener('stubborn', {
        environment: { IGNORE_SIGTERM: '1' },
        stop: { signal: 'SIGTERM', graceSeconds: 0.3 },
      }),
    );
    await zone.client.deleteProcess('stubborn');
    expect(identify(pid)).toBeUndefined();
    expect(await zone.noted('stubborn asked-to-stop')).toHaveLength(1);
    expect(await zone.noted('stubborn stopped')).toHaveLength(0);
  });

  test('leaves nothing when it is deleted, its data included', async () => {
    await zone.run(zone.spec('store', { data: true, files: { 'a/b.conf': 'x' } }));
    const data = join(zone.folders.data, 't', 'store');
    writeFileSync(join(data, 'row'), '1');
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(statSync(zone.self('store', 'a', 'b.conf')).mode & 0o777).toBe(0o600);
    await zone.client.deleteProcess('store');
    await zone.client.deleteProcess('store');
    expect(existsSync(data)).toBe(false);
    expect(existsSync(zone.self('store'))).toBe(false);
    expect(await zone.client.getProcess('store')).toBeUndefined();
  });
});

describe('the agent', () => {
  test('leaves no child when it is killed, and starts all of its processes when it is back', async () => {
    const web = await zone.run(await zone.listener('web'));
    const worker = await zone.run(zone.spec('worker', { environment: { IGNORE_SIGTERM: '1' } }));
    await zone.killAgent();
    for (const { pid = 0 } of [web, worker]) {
      await until(`pid ${pid} is gone`, () => identify(pid) === undefined, 2000);
    }
    expect(agentIsRunning(zone.folders, 't')).toBe(false);
    await zone.start();
    expect(await zone.client.waitUntilReady('web', 20_000)).toMatchObject({
      specDigest: web.specDigest,
    });
    await zone.client.waitUntilReady('worker', 20_000);
  });

  test('clears up what a child of a killed agent had started', async () => {
    await zone.run(zone.spec('parent', { environment: { SPAWN_SLEEPER: '1' } }));
    await until('it has a child', async () => (await zone.noted('parent spawned')).length === 1);
    const [line = ''] = await zone.noted('parent spawned');
    const sleeper = Number(/spawned-(\d+)/.exec(line)?.[1]);
    await zone.killAgent();
    await zone.start();
    expect(identify(sleeper)).toBeUndefined();
  });

  test('stops its processes side by side, those that keep data after the others, then itself', async () => {
    // Each of two ends only when the other was asked as well.
    const waiting = (name: string, other: string) =>
      zone.listener(name, {
        environment: { STOP_AFTER_LINE: `${other} asked-to-stop` },
        stop: { signal: 'SIGTERM', graceSeconds: 10 },
      });
    await zone.run(await waiting('first', 'second'));
    await zone.run(await zone.listener('store', { data: true }));
    await zone.run(await waiting('second', 'first'));
    const { pid } = await zone.client.status();
    await zone.client.stop();
    expect(identify(pid)).toBeUndefined();
    const lines = (await zone.noted(''))
      .filter((line) => / (asked-to-stop|stopped) /.test(line))
      .map((line) => line.replace(/ \d+$/, ''));
    expect(lines.slice(0, 4).sort()).toEqual([
      'first asked-to-stop',
      'first stopped',
      'second asked-to-stop',
      'second stopped',
    ]);
    expect(lines.slice(4)).toEqual(['store asked-to-stop', 'store stopped']);
  });

  test('stops on SIGTERM, and at once on a second one', async () => {
    const spec = await zone.listener('stubborn', {
      environment: { IGNORE_SIGTERM: '1' },
      stop: { signal: 'SIGTERM', graceSeconds: 60 },
    });
    const { pid = 0 } = await zone.run(spec);
    const agent = (await zone.client.status()).pid;
    process.kill(agent, 'SIGTERM');
    await until(
      'the process was asked',
      async () => (await zone.noted('stubborn asked-to-stop')).length === 1,
    );
    await expect(zone.client.putProcess(zone.spec('late'))).rejects.toMatchObject({
      code: 'ZONE_STOPPING',
    });
    process.kill(agent, 'SIGTERM');
    await until(
      'both are gone',
      () => identify(agent) === undefined && identify(pid) === undefined,
    );
    // It is back with its zone; a shorter grace is taken up as it runs.
    await zone.start();
    await zone.client.putProcess({ ...spec, stop: { signal: 'SIGTERM', graceSeconds: 0.1 } });
  });

  test('kills its processes when it is asked to stop by force', async () => {
    const spec = await zone.listener('stubborn', {
      environment: { IGNORE_SIGTERM: '1' },
      stop: { signal: 'SIGTERM', graceSeconds: 60 },
    });
    const { pid = 0 } = await zone.run(spec);
    const patient = zone.client.stop();
    await until(
      'the process was asked',
      async () => (await zone.noted('stubborn asked-to-stop')).length === 1,
    );
    await zone.client.stop({ force: true });
    await patient;
    expect(identify(pid)).toBeUndefined();
    await zone.start();
    await zone.client.putProcess({ ...spec, stop: { signal: 'SIGTERM', graceSeconds: 0.1 } });
  });

  test('is one per zone: a second one is refused and names the first', async () => {
    const { pid } = await zone.client.status();
    const second = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), 't'], {
      env: { PATH: process.env['PATH'], ...compileCache(), ...foldersEnvironment(zone.folders) },
    });
    let text = '';
    second.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const [code] = (await once(second, 'close')) as [number];
    expect(code).toBe(ANOTHER_RUNS);
    expect(text).toContain(`Zone 't': an agent runs already (pid ${pid})`);
    expect((await zone.client.status()).pid).toBe(pid);
  });

  test('is started once by two who start it at the same time', async () => {
    await zone.client.stop();
    await Promise.all([zone.start(), zone.start(), zone.start()]);
    const { pid } = await zone.client.status();
    expect(identify(pid)).toBeDefined();
  });

  test('is not held up by the lock of a dead agent whose pid another process has got', async () => {
    await zone.client.stop();
    const lock = join(zone.folders.state, 'zones', 't', 'lock');
    mkdirSync(lock, { recursive: true });
    const other = { pid: process.pid, startTime: `${startTimeOf(process.pid) ?? ''}9` };
    writeFileSync(join(lock, '77.json'), JSON.stringify({ ...other, bootId: bootId() }));
    await zone.start();
    expect(await zone.client.status()).toMatchObject({ zone: 't' });
  });

  test('takes other settings while it runs, and keeps running', async () => {
    const before = await zone.client.status();
    const changed = { ...zone.settings, leafLifetimeSeconds: 120 };
    const after = await zone.client.putSettings(changed);
    expect(after).toMatchObject({ pid: before.pid, leafLifetimeSeconds: 120 });
    await expect(
      zone.client.putSettings({ ...changed, network: '127.0.8.0/24' }),
    ).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
  });

  test('keeps its socket and folders to its user', () => {
    const socket = join(zone.folders.runtime, 't.sock');
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(statSync(zone.folders.runtime).mode & 0o777).toBe(0o700);
    expect(statSync(join(zone.folders.state, 'zones', 't')).mode & 0o777).toBe(0o700);
  });

  test('leaves no trace in the state folder when its zone is removed', async () => {
    const { pid = 0 } = await zone.run(await zone.listener('web'));
    await removeZone(zone.folders, 't');
    expect(identify(pid)).toBeUndefined();
    expect(existsSync(join(zone.folders.state, 'zones', 't'))).toBe(false);
    expect(existsSync(join(zone.folders.runtime, 't.sock'))).toBe(false);
    await removeZone(zone.folders, 't');
    await expect(zone.client.status()).rejects.toMatchObject({ code: 'AGENT_NOT_RUNNING' });
  });

  test('stops itself and its processes when somebody removes its folder', async () => {
    const { pid = 0 } = await zone.run(await zone.listener('web'));
    const agent = (await zone.client.status()).pid;
    rmSync(zone.folders.state, { recursive: true, force: true });
    await until(
      'both are gone',
      () => identify(agent) === undefined && identify(pid) === undefined,
    );
  });

  test('says what is wrong in its start, with the last lines of its log', async () => {
    await zone.client.stop();
    const state = join(zone.folders.state, 'zones', 't', 'authority', 'chain.json');
    mkdirSync(state);
    await expect(zone.start()).rejects.toMatchObject({
      code: 'AGENT_START_FAILED',
      message: expect.stringMatching(/agent\.log and ends:\n[^]*EISDIR/),
    });
    rmSync(state, { recursive: true });
  });
});

test('a process that is killed while the agent stands still is seen when it goes on', async () => {
  const { pid = 0 } = await zone.run(await zone.listener('web'));
  const agent = (await zone.client.status()).pid;
  process.kill(agent, 'SIGSTOP');
  killProcess({ pid, startTime: startTimeOf(pid) ?? '' });
  process.kill(agent, 'SIGCONT');
  await until('it is ready again', async () => {
    const now = await zone.status('web');
    return now.state === 'ready' && now.pid !== pid;
  });
});
