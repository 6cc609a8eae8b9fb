import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TestZone } from '@meridian/provider-local/agent/testing/test-zone.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { givenSetting } from './given-setting.ts';
import { LocalSettingsFiles } from './local-settings.ts';
import { localFolders } from './places.ts';
import { preflight } from './preflight.ts';
import type { Settings } from './stack-config.ts';

let home: string;
let folders: Folders;
let servers: Server[];

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'meridian-preflight-'));
  folders = localFolders({ HOME: home });
  servers = [];
});
afterEach(async () => {
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
  rmSync(home, { recursive: true, force: true });
});

/** Keeps settings as a command does; `pulumi config set`, or an editor, may set any. */
async function keep(settings: Settings): Promise<void> {
  await new LocalSettingsFiles(folders).write({}, settings, undefined);
}

async function occupy(address: string, port = 0): Promise<number> {
  const server = createServer();
  servers.push(server);
  server.listen(port, address);
  await once(server, 'listening');
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

const checking = (settings: Settings, starts = false): Promise<void> =>
  preflight(folders, { given: { settings }, starts });

describe('the settings of a command', () => {
  test.each([
    ['meridian:replicas', '{"gateway":1}', "'meridian:replicas.gateway': must be"],
    ['meridian:replicas', '{"nobody":3}', "'meridian:replicas.nobody': must be for a service"],
    ['meridian:portBase', '80', "'meridian:portBase': must be a whole number"],
    ['meridian:colour', 'red', "'meridian:colour': must be one of"],
  ])(
    'are refused before they are kept, whoever would refuse them: %s=%s',
    async (key, value, why) => {
      await expect(checking({ [key]: value })).rejects.toMatchObject({
        code: 'SETTINGS_INVALID',
        message: expect.stringContaining(why) as unknown,
      });
      await expect(checking({ [key]: value })).rejects.toThrow(/, got .*; it was given by -c$/);
    },
  );

  test.each([
    ['meridian:replicas', '{"gateway":1}'],
    ['meridian:edgePort', 'x'],
    ['meridian:colour', 'red'],
  ])('that were kept and are wrong say how to forget them, and can be: %s', async (key, value) => {
    await keep({ [key]: value });
    const name = key.replace('meridian:', '');
    await expect(checking({})).rejects.toThrow(`to forget it: npm start -- -c ${name}=`);
    await checking({ [key]: '' });
  });

  test('do not keep a platform from being destroyed or stopped', async () => {
    await keep({ 'meridian:portBase': 'x' });
    await preflight(folders, {});
  });
});

describe('a setting on the command line', () => {
  test('is given by its key, with or without its project', () => {
    const both = givenSetting('edgePort=1', givenSetting('meridian:replicas={"a": "=" }'));
    expect(both).toEqual({ 'meridian:edgePort': '1', 'meridian:replicas': '{"a": "=" }' });
  });

  test.each(['edgePort', '=1', ':x=1', 'a:b:c:d=1', 'a b=1'])('is refused as %j', (given) => {
    expect(() => givenSetting(given)).toThrow('must be <key>=<value>, such as edgePort=9443.');
  });
});

describe('ports', () => {
  let settings: Settings;
  let portBase: number;

  beforeEach(async () => {
    portBase = await freePort('127.0.2.24');
    const edgePort = String(await freePort('127.0.0.1'));
    settings = { 'meridian:portBase': String(portBase), 'meridian:edgePort': edgePort };
  });

  test('that are taken are named all at once, with their holder and the setting that moves them', async () => {
    const edgePort = await occupy('127.0.0.1');
    await occupy('127.0.2.24', portBase);
    await occupy('127.0.1.4', portBase + 6);
    const given = { ...settings, 'meridian:edgePort': String(edgePort) };
    await checking(given);
    await expect(checking(given, true)).rejects.toMatchObject({ code: 'PORT_TAKEN' });
    const message = String(await checking(given, true).catch((error: unknown) => error));
    for (const [where, process, setting] of [
      [`127.0.0.1:${edgePort}`, 'envoy', 'edgePort'],
      [`127.0.2.24:${portBase}`, 'identity-b-0', 'portBase'],
      [`127.0.1.4:${portBase + 6}`, 'kafka-a', 'portBase'],
    ] as const) {
      expect(message).toMatch(
        new RegExp(
          `Port ${where}, '\\w+' of process '${process}': is taken by pid ${globalThis.process.pid} .*-c ${setting}=…`,
        ),
      );
    }
    expect(message.split('\n')).toHaveLength(3);
  });

  test('that the platform itself holds are its own, whatever became of its records', async () => {
    const zone = await TestZone.create({ zone: 'b', network: '127.0.2.0/24' });
    const listen = { name: 'grpc', address: '127.0.2.24', port: portBase };
    const where = `${listen.address}:${listen.port}`;
    try {
      await zone.start();
      await zone.run(
        zone.spec('identity-b-0', {
          listens: [listen],
          readiness: { kind: 'http', url: `http://${where}/`, timeoutSeconds: 20 },
          environment: { LISTEN: where },
        }),
      );
      // A full disk loses such a record, and a power cut empties it.
      rmSync(path.join(zone.folders.state, 'zones/b/running/identity-b-0.json'));
      await preflight(zone.folders, { given: { settings }, starts: true });
      // Of another platform they are taken.
      await expect(checking(settings, true)).rejects.toThrow(where);
    } finally {
      await zone.dispose();
    }
  });
});

/** A user's own mounts, of which a machine may allow none. Sources: unshare(1), user_namespaces(7). */
const onDiskOf64k = ['--map-root-user', '--mount', 'sh', '-c'];
const mounting = 'mount -t tmpfs -o size=64k none "$1" && shift && exec "$@"';
const canMount =
  spawnSync('unshare', [...onDiskOf64k, mounting, 'sh', '/mnt', 'true']).status === 0;

(canMount ? test : test.skip)(
  `on a full disk what ends a platform goes on without a lock, unless somebody holds it${canMount ? '' : ' (no mounts of a user here)'}`,
  () => {
    const script = `
      import { appendFileSync, readdirSync } from 'node:fs';
      import { acquire } from '${new URL('../bootstrap/process-lock.mjs', import.meta.url).href}';
      import { acquireToEnd, stackLock } from '${new URL('preflight.ts', import.meta.url).href}';
      const folders = { state: process.argv[1] };
      const attempt = () => {
        try { for (;;) appendFileSync(folders.state + '/fill', Buffer.alloc(4096)); }
        catch (error) { if (error.code !== 'ENOSPC') throw error; }
        try { acquireToEnd(folders, 'stop')(); return 'goes on'; }
        catch (error) { return error.code; }
      };
      const release = acquire(stackLock(folders), 'start');
      console.log(attempt());
      release();
      console.log(attempt(), readdirSync(folders.state).join());`;
    const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
    const { stdout } = spawnSync(
      'unshare',
      [
        ...[...onDiskOf64k, mounting, 'sh', home, ...node],
        ...['--input-type=module-typescript', '-e', script, home],
      ],
      { encoding: 'utf8' },
    );
    expect(stdout).toBe('LOCK_HELD\ngoes on fill\n');
  },
);
