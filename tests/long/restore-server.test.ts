import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ARCHIVE_PARAMETERS,
  ARCHIVE_VARIABLE,
} from '@meridian/components/postgres/postgres-archive.ts';
import { SUPERUSER, withAdmin } from '@meridian/provider-local/postgres/admin-connection.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { postgresBinaries } from '@meridian/provider-local/testing/postgres-binaries.ts';
import type pg from 'pg';
import { baseBackups, takeBaseBackup } from '../../tools/backup/base-backup.ts';
import { restoreCluster } from '../../tools/backup/restore-cluster.ts';
import type { ServerPlace } from '../../tools/backup/server-place.ts';

const seconds = 1_000;
const root = mkdtempSync(path.join(tmpdir(), "m's-"));
const runtime = mkdtempSync(path.join(tmpdir(), 'mrs-'));
let place: ServerPlace;
let server: ChildProcess | undefined;

const start = (archiving: boolean): void => {
  const parameters = {
    ...{ port: place.server.port, unix_socket_directories: runtime, listen_addresses: '' },
    ...(archiving ? ARCHIVE_PARAMETERS : {}),
  };
  server = spawn(
    path.join(place.folders.cache, 'postgres/current/bin/postgres'),
    [
      ...['-D', place.cluster],
      ...Object.entries(parameters).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { env: { [ARCHIVE_VARIABLE]: place.archive, PATH: process.env['PATH'] }, stdio: 'ignore' },
  );
};
const stop = async (signal: NodeJS.Signals): Promise<void> => {
  if (server === undefined) return;
  const ended = once(server, 'exit');
  server.kill(signal);
  await ended;
  server = undefined;
};
const query = async <Row extends pg.QueryResultRow>(text: string): Promise<readonly Row[]> => {
  const options = { folders: place.folders, server: place.server, patienceMs: 30 * seconds };
  return await withAdmin(options, async (client) => (await client.query<Row>(text)).rows);
};
/** Commits a row, and gives a moment after that. */
const note = async (text: string): Promise<string> => {
  await query(`INSERT INTO notes VALUES ('${text}')`);
  const [row] = await query<{ at: Date }>("SELECT clock_timestamp() + '1 ms' AS at");
  return row?.at.toISOString() ?? '';
};
const notes = async (): Promise<readonly string[]> =>
  (await query<{ text: string }>('SELECT text FROM notes ORDER BY text')).map(({ text }) => text);

beforeAll(async () => {
  const data = path.join(root, 'postgres');
  const archive = `${data}-archive`;
  mkdirSync(path.join(root, 'cache/postgres/current'), { recursive: true });
  symlinkSync(postgresBinaries(), path.join(root, 'cache/postgres/current/bin'));
  place = {
    folders: {
      ...{ state: root, data: root, runtime, program: root },
      cache: path.join(root, 'cache'),
    },
    server: { zone: 'a', process: 'postgres', port: await freePort('127.0.0.1') },
    ...{ cluster: path.join(data, 'cluster'), archive },
    ...{ log: path.join(archive, 'wal'), copies: path.join(archive, 'base') },
  };
  const options = ['-U', SUPERUSER, '-E', 'UTF8', '--locale=C.UTF-8', '--auth=trust', '--no-sync'];
  execFileSync(path.join(postgresBinaries(), 'initdb'), ['-D', place.cluster, ...options]);
}, 60 * seconds);
afterAll(async () => {
  await stop('SIGKILL');
  for (const folder of [root, runtime]) rmSync(folder, { recursive: true });
});

/** One story: each test goes on from where the one before it ended. */
describe('a server that archives its log', () => {
  let beforeLast: string;

  test('is not copied where it does not archive, and leaves nothing behind', async () => {
    start(false);
    await query('CREATE TABLE notes (text text)');
    await expect(takeBaseBackup(place)).rejects.toMatchObject({ code: 'BACKUP_ARCHIVE_OFF' });
    expect([readdirSync(place.copies), baseBackups(place)]).toEqual([[], []]);
    await stop('SIGINT');
  }, 60_000);

  test('comes back to the last commit after a copy, though it was killed and the log is in its folder alone', async () => {
    start(true);
    await note('1');
    const copy = await takeBaseBackup(place);
    expect(baseBackups(place)).toEqual([copy]);
    beforeLast = await note('2');
    await note('3');
    await stop('SIGKILL');
    writeFileSync(path.join(place.cluster, 'damaged'), '');
    const restored = await restoreCluster(place);
    expect(restored).toMatchObject({ copy, firstFile: expect.stringMatching(/^00000002/) });
    expect(Date.parse(restored.lastTransaction ?? '')).toBeGreaterThanOrEqual(
      Date.parse(beforeLast) - 1,
    );
    expect(readdirSync(restored.kept ?? '')).toContain('damaged');
    expect(readdirSync(place.cluster)).not.toContain('recovery.signal');
    start(true);
    expect(await notes()).toEqual(['1', '2', '3']);
    await note('4');
    await stop('SIGINT');
  }, 60_000);

  test('comes back from what is outside alone, across the history that it began', async () => {
    rmSync(path.dirname(place.cluster), { recursive: true });
    const restored = await restoreCluster(place);
    expect(restored.firstFile).toMatch(/^00000003/);
    expect(restored).not.toHaveProperty('kept');
    start(true);
    expect(await notes()).toEqual(['1', '2', '3', '4']);
    await stop('SIGINT');
  }, 60_000);

  test('comes back to a moment', async () => {
    const { lastTransaction } = await restoreCluster(place, beforeLast);
    expect(Date.parse(lastTransaction ?? '')).toBeLessThanOrEqual(Date.parse(beforeLast));
    start(true);
    expect(await notes()).toEqual(['1', '2']);
    await stop('SIGINT');
  }, 60_000);

  test('is as it was where it cannot be restored', async () => {
    const first = '2020-01-01T00:00:00Z';
    await expect(restoreCluster(place, first)).rejects.toMatchObject({ code: 'BACKUP_NONE' });
    const future = '2100-01-01T00:00:00Z';
    await expect(restoreCluster(place, future)).rejects.toMatchObject({
      code: 'RESTORE_FAILED',
      message: expect.stringContaining('before configured recovery target was reached'),
    });
    start(true);
    expect(await notes()).toEqual(['1', '2']);
  }, 60_000);
});
