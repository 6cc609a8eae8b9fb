import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openDatabase } from '@meridian/kit/postgres/database.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { Client } from 'pg';
import { KEEPER_SOCKET } from './keeper-language.ts';

const MIGRATIONS = 'services/kit/idempotency/tables';

describe('the PostgreSQL of a run', () => {
  let worlds: readonly DatabaseWorld[];
  beforeEach(async () => {
    worlds = await Promise.all([DatabaseWorld.create(), DatabaseWorld.create()]);
  });
  afterEach(() => Promise.all(worlds.map((world) => world.close())));

  test('gives each suite a database of its own with the tables and none of the rows', async () => {
    const text = "INSERT INTO idempotency_keys VALUES ('s', 'm', 'k', sha256(''))";
    for (const world of worlds) {
      const pool = await world.createDatabase('keys', MIGRATIONS);
      const { database } = await world.open('keys');
      // Twice the same key would be refused.
      await database.query({ name: 'insert', text });
      expect((await pool.query('SELECT FROM idempotency_keys')).rowCount).toBe(1);
      const change = { name: 'change', text: 'ALTER TABLE idempotency_keys ADD COLUMN x int' };
      await expect(database.query(change)).rejects.toThrow(/owner/);
    }
  });

  test("lets nobody in as somebody else's role", async () => {
    const [first, second] = worlds as [DatabaseWorld, DatabaseWorld];
    await first.createDatabase('keys', MIGRATIONS);
    await second.createDatabase('keys', MIGRATIONS);
    const folder = await first.prepare('keys', {}, { role: second.nameOf('keys') });
    const { runtime } = await first.world.start(folder);
    await expect(openDatabase(runtime, 'keys-postgres').check()).rejects.toMatchObject({
      cause: { code: '28000' },
    });
  });
});

test('engines of a run that is killed die with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mkilled-'));
  const keeper = join(import.meta.dirname, 'engine-keeper.ts');
  const client = join(import.meta.dirname, 'shared-engines.ts');
  const script = `
    const { EngineKeeper } = await import(${JSON.stringify(keeper)});
    const { sharedPostgres } = await import(${JSON.stringify(client)});
    await EngineKeeper.open();
    const { socketFolder, port } = await sharedPostgres();
    process.stdout.write(JSON.stringify({ host: socketFolder, port }));
    process.kill(process.pid, 'SIGKILL');`;
  const run = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    // It leaves its folders behind.
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: folder, [KEEPER_SOCKET]: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = await Promise.all([text(run.stdout), once(run, 'exit')]);
  const server = JSON.parse(printed) as { readonly host: string; readonly port: number };
  await eventually(async () => {
    const client = new Client({ ...server, user: 'postgres', database: 'postgres' });
    // Also one that is let in must end for this test to end.
    try {
      await expect(client.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    } finally {
      await client.end();
    }
  });
  rmSync(folder, { recursive: true });
}, 60_000);
