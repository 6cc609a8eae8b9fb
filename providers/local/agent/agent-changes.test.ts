import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { identify } from '../machine/process-table.ts';
import type { RunEvent } from './api/status.ts';
import { freePort } from '../testing/free-port.ts';
import { ADDRESS, readText, TestZone, until } from './testing/test-zone.ts';

let zone: TestZone;

jest.setTimeout(60_000);

beforeAll(async () => {
  zone = await TestZone.create({ logLimitBytes: 20_000 });
  await zone.start();
});

afterEach(() => zone.clear());

afterAll(() => zone.dispose());

describe('a change of a spec', () => {
  test('in live files, probe or stop is taken up without a restart', async () => {
    const spec = await zone.listener('web', {
      liveFiles: { 'bindings/catalog/addresses': 'one\n', 'bindings/old': 'x' },
    });
    const { pid } = await zone.run(spec);
    const after = await zone.client.putProcess({
      ...spec,
      liveFiles: { 'bindings/catalog/addresses': 'two in ${self}\n' },
      stop: { signal: 'SIGTERM', graceSeconds: 1 },
    });
    expect(after).toMatchObject({ pid, state: 'ready', restarts: 0 });
    const file = zone.self('web', 'bindings', 'catalog', 'addresses');
    expect(await readText(file)).toBe(`two in ${zone.self('web')}\n`);
    expect(existsSync(zone.self('web', 'bindings', 'old'))).toBe(false);
  });

  test('in code, environment or files restarts it, with the new files and without the old', async () => {
    const spec = await zone.listener('web', { files: { 'config/old.json': '1' } });
    const { pid } = await zone.run(spec);
    const second = await zone.run({ ...spec, files: { 'new.json': '2' } });
    expect(second.pid).not.toBe(pid);
    expect(existsSync(zone.self('web', 'config'))).toBe(false);
    expect(await readText(zone.self('web', 'new.json'))).toBe('2');
    const third = await zone.run({ ...spec, files: { 'new.json': '2' }, revision: '2' });
    expect(third.pid).not.toBe(second.pid);
    expect(await zone.noted('web stopped')).toHaveLength(2);
  });

  test('survives the agent', async () => {
    const spec = await zone.listener('web', { liveFiles: { a: '1' } });
    await zone.run(spec);
    const changed = await zone.client.putProcess({ ...spec, liveFiles: { a: '2' } });
    await zone.killAgent();
    await zone.start();
    expect(await zone.client.waitUntilReady('web', 20_000)).toMatchObject({
      specDigest: changed.specDigest,
    });
    expect(await readText(zone.self('web', 'a'))).toBe('2');
  });

  test('that is not valid is refused with every problem, and nothing has changed', async () => {
    const spec = await zone.listener('web');
    const { pid } = await zone.run(spec);
    await expect(
      zone.client.putProcess({
        ...spec,
        command: ['${nowhere}/x'],
        environment: { A: '${self}', B: '${other}' },
        listens: [{ name: 'http', address: '127.0.1.1', port: 20_002 }],
      }),
    ).rejects.toMatchObject({
      code: 'SPEC_INVALID',
      message:
        "Process 'web': its spec is not valid: command: nothing is known as ${nowhere}; environment.B: nothing is known as ${other}; listens 'http': 127.0.1.1 is outside the zone's 127.0.9.0/24",
    });
    await expect(
      zone.client.putProcess({ ...spec, files: { '../escape': '' } }),
    ).rejects.toMatchObject({ code: 'SPEC_INVALID' });
    expect(await zone.status('web')).toMatchObject({ pid, state: 'ready' });
  });
});

describe('a taken port', () => {
  let holder: Server | undefined;

  afterEach(() => {
    holder?.close();
  });

  const hold = async (port: number, address = ADDRESS): Promise<void> => {
    const server = createServer();
    holder = server;
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
  };

  test.each([ADDRESS, '0.0.0.0', '::'])(
    'is refused by the name of its holder, who listens at %s',
    async (address) => {
      const spec = await zone.listener('web');
      const port = spec.listens[0]?.port ?? 0;
      await hold(port, address);
      await expect(zone.client.putProcess(spec)).rejects.toMatchObject({
        code: 'PORT_TAKEN',
        message: expect.stringMatching(
          new RegExp(
            `^Process 'web': its port 'http' ${ADDRESS}:${port} is taken by pid ${process.pid} \\(.*node.*\\);`,
          ),
        ),
      });
      expect(await zone.client.getProcess('web')).toBeUndefined();
    },
  );

  test('after a stop is reported as the problem of the process, which starts when it is free', async () => {
    const spec = await zone.listener('web');
    await zone.run(spec);
    await zone.client.stop();
    await hold(spec.listens[0]?.port ?? 0);
    await zone.start();
    await expect(zone.client.waitUntilReady('web', 20_000)).rejects.toMatchObject({
      code: 'PORT_TAKEN',
    });
    holder?.close();
    await until('it is ready', async () => (await zone.status('web')).state === 'ready');
    expect((await zone.status('web')).problem).toBeUndefined();
  });

  test('of another process of the zone is refused by its name', async () => {
    const spec = await zone.listener('web');
    await zone.run(spec);
    await expect(zone.client.putProcess({ ...spec, name: 'other' })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining("is that of process 'web' in the same zone"),
    });
  });

  test('leaves a running process as it was when a change asks for it', async () => {
    const spec = await zone.listener('web');
    const { pid, specDigest } = await zone.run(spec);
    const port = await freePort(ADDRESS);
    await hold(port);
    const listens = [...spec.listens, { name: 'more', address: ADDRESS, port }];
    await expect(zone.client.putProcess({ ...spec, listens })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
    });
    expect(await zone.status('web')).toMatchObject({ pid, specDigest, state: 'ready' });
  });
});

describe('a log', () => {
  test('is turned over at its limit and keeps one older file', async () => {
    await zone.run(zone.spec('wordy', { environment: { PRINT_LINES: '400' } }));
    const { log } = await zone.status('wordy');
    await until('all is written', async () =>
      (await zone.client.log('wordy', 5)).some((line) => line.startsWith('line 399 ')),
    );
    expect(statSync(log).size).toBeLessThanOrEqual(20_000);
    expect(statSync(`${log}.1`).size).toBeLessThanOrEqual(20_000);
    expect(existsSync(`${log}.2`)).toBe(false);
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });
});

describe('a task', () => {
  const collect = async (name: string): Promise<RunEvent[]> => {
    const events: RunEvent[] = [];
    for await (const event of zone.client.run(name)) {
      events.push(event);
    }
    return events;
  };

  test('does not run until asked, then gives its output and its exit code', async () => {
    const spec = zone.spec('seed', {
      runs: 'on-demand',
      environment: { PRINT_LINES: '3', EXIT_CODE: '4' },
    });
    expect(await zone.run(spec)).toMatchObject({ state: 'idle' });
    expect(await zone.noted('seed started')).toHaveLength(0);
    const events = await collect('seed');
    expect(events.at(-1)).toEqual({ exitCode: 4 });
    expect(events).toContainEqual({ stream: 'stderr', line: 'giving up with 4' });
    expect(events.filter((event) => 'stream' in event && event.stream === 'stdout')).toHaveLength(
      3,
    );
    expect(await zone.status('seed')).toMatchObject({ state: 'idle', lastExit: { code: 4 } });
    expect(await zone.client.log('seed', 50)).toContain('giving up with 4');
  });

  test('loses none of a long output', async () => {
    await zone.run(
      zone.spec('seed', {
        runs: 'on-demand',
        environment: { PRINT_LINES: '20000', EXIT_WHEN_GONE: '1' },
      }),
    );
    const events = await collect('seed');
    expect(events).toHaveLength(20_001);
    expect(events.at(-1)).toEqual({ exitCode: 0 });
  });

  test('runs once at a time and is stopped when its reader goes away', async () => {
    await zone.run(zone.spec('seed', { runs: 'on-demand', environment: { PRINT_LINES: '1' } }));
    const reader = zone.client.run('seed');
    await reader.next();
    const { pid = 0 } = await zone.status('seed');
    await expect(collect('seed')).rejects.toMatchObject({ code: 'TASK_RUNNING' });
    await reader.return();
    await until('it is gone', () => identify(pid) === undefined);
    await until('it is idle', async () => (await zone.status('seed')).state === 'idle');
    expect(await zone.noted('seed stopped')).toHaveLength(1);
  });

  test('is what can be run: a process that runs always is refused, and one that is unknown', async () => {
    await zone.run(zone.spec('worker'));
    await expect(collect('worker')).rejects.toMatchObject({ code: 'NOT_A_TASK' });
    await expect(collect('nobody')).rejects.toMatchObject({ code: 'PROCESS_UNKNOWN' });
  });
});
