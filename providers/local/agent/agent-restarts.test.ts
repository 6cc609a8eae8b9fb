import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { identify } from '../machine/process-table.ts';
import { TestZone, readText, until } from './testing/test-zone.ts';

let zone: TestZone;

jest.setTimeout(60_000);

beforeAll(async () => {
  zone = await TestZone.create();
  await zone.start();
});

afterEach(() => zone.clear());

afterAll(() => zone.dispose());

describe('a process that ends by itself', () => {
  test('is crash-looping after five exits, and the error shows its last lines and its log', async () => {
    const spec = zone.spec('broken', {
      environment: { EXIT_CODE: '3' },
      readiness: { kind: 'tcp', address: '127.0.9.1', port: 20_001, timeoutSeconds: 20 },
    });
    await zone.client.putProcess(spec);
    await expect(zone.client.waitUntilReady('broken', 40_000)).rejects.toMatchObject({
      code: 'PROCESS_NOT_READY',
      message: expect.stringMatching(
        /^Process 'broken' in zone t fails \(crash-looping, 4 restarts, last exit 3\); its log is \/.*\/logs\/broken\.log and ends:\n[^]*giving up with 3/,
      ),
    });
    expect((await zone.noted('broken started')).length).toBeGreaterThanOrEqual(5);
  });

  test('waits longer each time', async () => {
    await zone.client.putProcess(zone.spec('broken', { environment: { EXIT_CODE: '0' } }));
    const exits: number[] = [];
    let last = '';
    await until('four exits', async () => {
      const { lastExit } = await zone.status('broken');
      if (lastExit !== undefined && lastExit.at !== last) {
        last = lastExit.at;
        exits.push(Date.parse(last));
      }
      return exits.length === 4;
    });
    const [first = 0, second = 0, third = 0, fourth = 0] = exits;
    expect(second - first).toBeGreaterThanOrEqual(190);
    expect(third - second).toBeGreaterThanOrEqual(390);
    expect(fourth - third).toBeGreaterThanOrEqual(790);
  });

  test('is started afresh by the same spec when it was crash-looping', async () => {
    const flag = join(zone.root, 'flag');
    const spec = zone.spec('moody', {
      command: ['/bin/sh', '-c', `[ -e ${flag} ] || exit 1; exec sleep 1000`],
    });
    await zone.client.putProcess(spec);
    let restarts = 0;
    await until('it is crash-looping', async () => {
      const status = await zone.status('moody');
      restarts = status.restarts;
      return status.state === 'crash-looping';
    });
    writeFileSync(flag, '');
    await zone.run(spec);
    // The end of the back-off, of 3.2 s and more, would have been one more.
    expect((await zone.status('moody')).restarts).toBe(restarts);
  });

  test('is not ready any more at once, whatever its last probe waits for', async () => {
    const answers: ServerResponse[] = [];
    const probed = createServer((_request, answer) => {
      // Only the first probe is answered.
      if (answers.push(answer) === 1) answer.end();
    }).listen(0, '127.0.0.1');
    try {
      await once(probed, 'listening');
      const { port } = probed.address() as AddressInfo;
      const { pid = 0 } = await zone.run(
        zone.spec('probed', {
          readiness: { kind: 'http', url: `http://127.0.0.1:${port}/`, timeoutSeconds: 20 },
        }),
      );
      await until('it is probed again', () => answers.length === 2);
      process.kill(pid, 'SIGKILL');
      let status = await zone.status('probed');
      while (status.pid !== undefined) status = await zone.status('probed');
      expect(status.state).toBe('backoff');
    } finally {
      probed.close();
      probed.closeAllConnections();
    }
  });

  test('is named when its command is not there', async () => {
    await zone.client.putProcess(
      zone.spec('absent', {
        command: ['${program}/no-such'],
        readiness: { kind: 'tcp', address: '127.0.9.1', port: 20_001, timeoutSeconds: 20 },
      }),
    );
    await expect(zone.client.waitUntilReady('absent', 20_000)).rejects.toMatchObject({
      message: expect.stringMatching(/last exit 127[^]*no-such: not found/),
    });
  });

  test('is not waited for longer than asked', async () => {
    const spec = zone.spec('silent', {
      readiness: { kind: 'tcp', address: '127.0.9.1', port: 20_001, timeoutSeconds: 20 },
    });
    await zone.client.putProcess(spec);
    await expect(zone.client.waitUntilReady('silent', 300)).rejects.toMatchObject({
      code: 'PROCESS_NOT_READY',
      message: expect.stringContaining('is not ready after 0.3 s (starting'),
    });
  });
});

describe('a preparation', () => {
  const prepared = (script: string) =>
    zone.spec('store', {
      data: true,
      prepare: { command: ['/bin/sh', '-c', script], creates: '${data}/made' },
      command: ['/bin/sh', '-c', 'exec sleep 1000'],
    });

  test('runs once: not at a restart, nor for a later agent', async () => {
    const spec = prepared(`echo ran >> ${join(zone.root, 'runs')}; echo x > "$0"`);
    const { prepare } = spec;
    const withPath = {
      ...spec,
      prepare: { command: [...(prepare?.command ?? []), '${data}/made'], creates: '${data}/made' },
    };
    const { pid = 0 } = await zone.run(withPath);
    process.kill(pid, 'SIGKILL');
    await until('it runs again', async () => (await zone.status('store')).restarts === 1);
    await zone.client.stop();
    await zone.start();
    await zone.client.waitUntilReady('store', 20_000);
    expect(await readText(join(zone.root, 'runs'))).toBe('ran\n');
  });

  test('that was cut short by a crash begins again from nothing', async () => {
    const begun = join(zone.root, 'begun');
    const script = [
      'cd "$0"; [ -e made ] && exit 9; touch made half',
      `[ -e ${begun} ] && { touch whole; exit 0; }; touch ${begun}; exec sleep 1000`,
    ].join('; ');
    await zone.client.putProcess({
      ...prepared(script),
      prepare: { command: ['/bin/sh', '-c', script, '${data}'], creates: '${data}/made' },
    });
    await until('it has begun', () => existsSync(begun));
    expect(await zone.status('store')).toMatchObject({ state: 'preparing' });
    await zone.killAgent();
    await zone.start();
    expect(await zone.client.waitUntilReady('store', 20_000)).toMatchObject({ restarts: 0 });
    expect(existsSync(join(zone.folders.data, 't', 'store', 'whole'))).toBe(true);
  });

  test('that fails is an error with its code', async () => {
    await zone.client.putProcess(prepared('echo no luck; exit 7'));
    await expect(zone.client.waitUntilReady('store', 20_000)).rejects.toMatchObject({
      code: 'PREPARE_FAILED',
      message: expect.stringContaining('ended with 7'),
    });
    await expect(zone.client.waitUntilReady('store', 20_000)).rejects.toThrow(
      /its log is .*store\.log and ends:\n[^]*no luck/,
    );
  });

  test('that meets a full disk names the folder and its room, with what was said', async () => {
    await zone.client.putProcess(prepared('cat /dev/zero > /dev/full'));
    await expect(zone.client.waitUntilReady('store', 20_000)).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(
        new RegExp(
          `^Folder of '${zone.folders.data}/t/store': its disk is full \\(cat: .*No space left on device\\), \\d+ of \\d+ MiB are free.*make room there[^]*ended with 1; its log is`,
        ),
      ),
    });
  });

  test('is killed when its process is deleted', async () => {
    const pidFile = join(zone.root, 'prepare-pid');
    await zone.client.putProcess(prepared(`echo $$ > ${pidFile}; exec sleep 1000`));
    await until('it has begun', () => existsSync(pidFile));
    const pid = Number(await readText(pidFile));
    await zone.client.deleteProcess('store');
    expect(identify(pid)).toBeUndefined();
  });
});
