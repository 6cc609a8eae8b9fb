import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AgentClient } from './agent-client.ts';
import { isSameProcess } from './machine/process-table.ts';
import { dropDatabase } from './postgres/databases.ts';
import { withAdmin } from './postgres/admin-connection.ts';
import { freePort } from './testing/free-port.ts';
import type { LifecycleSettings } from './testing/lifecycle-settings.ts';
import { POSTGRES_ADDRESS, webScript, WEB_ADDRESS } from './testing/lifecycle-specs.ts';
import { postgresBinaries } from './testing/postgres-binaries.ts';
import { finished, PulumiProject } from './testing/pulumi-project.ts';

const DEADLINE_MS = 60_000;
const NO_CHANGE = '--expect-no-changes';

/** The real engine, one story: each test goes on from where the one before it ended. */
describe('a stack of the local provider', () => {
  let project: PulumiProject;
  let agent: AgentClient;
  let settings: LifecycleSettings;
  let webPort: number;

  beforeAll(async () => {
    project = new PulumiProject();
    agent = new AgentClient(project.folders, 'a');
    webPort = await freePort(WEB_ADDRESS);
    project.write('migrations/0001_products.sql', 'CREATE TABLE products (id int PRIMARY KEY);\n');
    change({
      postgresBinaries: postgresBinaries(),
      postgresPort: await freePort(POSTGRES_ADDRESS),
      leafLifetimeSeconds: 600,
      migrationsDigest: '1',
      webs: [{ name: 'web', port: webPort, script: webScript('hello', webPort) }],
    });
    await succeed('stack', 'init', 'test');
  }, 60_000);

  afterAll(async () => {
    const running = await agent.statusIfRunning();
    if (running !== undefined) {
      process.kill(running.pid, 'SIGKILL');
    }
    project.remove();
  });

  function change(changed: Partial<LifecycleSettings>): void {
    settings = { ...settings, ...changed };
    project.setSettings(settings);
  }

  async function succeed(...args: readonly string[]): Promise<string> {
    const { exitCode, output } = await project.pulumi(...args);
    if (exitCode !== 0) {
      throw new Error(`pulumi ${args.join(' ')} ended with ${exitCode}:\n${output}`);
    }
    return output;
  }

  const up = (...more: readonly string[]) => succeed('up', '--yes', '--skip-preview', ...more);

  async function fail(...args: readonly string[]): Promise<string> {
    const { exitCode, output } = await project.pulumi(...args);
    expect(exitCode).not.toBe(0);
    expect(output).not.toContain('which is a bug');
    return output;
  }

  const query = (sql: string) =>
    withAdmin(
      {
        folders: project.folders,
        server: { zone: 'a', process: 'postgres', port: settings.postgresPort },
        database: 'shop',
      },
      async (client) => (await client.query<Record<string, unknown>>(sql)).rows,
    );

  const remains = (): readonly string[] =>
    [project.folders.state, project.folders.data, project.folders.runtime].flatMap((folder) =>
      existsSync(folder) ? readdirSync(folder) : [],
    );

  const answer = async () => (await fetch(`http://${WEB_ADDRESS}:${webPort}/`)).text();

  async function killAgent(): Promise<void> {
    const { pid, startTime } = await agent.status();
    process.kill(pid, 'SIGKILL');
    await until(() => !isSameProcess({ pid, startTime }));
  }

  test('comes up with a running process, a database, its roles and its tables', async () => {
    await up();
    expect(await answer()).toBe('hello');
    await query('INSERT INTO products VALUES (1)');
    expect(await query('SELECT id FROM products')).toEqual([{ id: 1 }]);
  }, 120_000);

  test('shows no change on a second up with a refresh, nor for a process that was restarted', async () => {
    const { pid } = (await agent.status()).processes.find(({ name }) => name === 'web') ?? {};
    process.kill(pid ?? 0, 'SIGKILL');
    await until(async () => {
      const web = await agent.getProcess('web');
      return web?.state === 'ready' && web.pid !== pid;
    });
    await up('--refresh', NO_CHANGE);
  }, 60_000);

  test('previews one change as just that, and makes it', async () => {
    change({ webs: [{ name: 'web', port: webPort, script: webScript('world', webPort) }] });
    const told = await succeed('up', '--yes', '--diff');
    expect(told).toMatch(/~ 1 to update\s+8 unchanged/);
    expect(told).toMatch(/~ web\.cjs:.*\n.*- .*hello.*\n.*\+ .*world/);
    expect(await answer()).toBe('world');
  }, 120_000);

  test('sees that an agent was killed, and starts its zone again with its data', async () => {
    await killAgent();
    const told = await succeed('up', '--yes', '--refresh', '--diff');
    expect(told).toMatch(/state\s*: "stopped" => "running"/);
    expect(told).toMatch(/~ 3 to update\s+6 unchanged/);
    // A database of a server that is known to be down is not asked, and nothing is said of it.
    expect(told).not.toContain('warning');
    expect(await answer()).toBe('world');
    expect(await query('SELECT id FROM products')).toEqual([{ id: 1 }]);
  }, 120_000);

  test('makes a missing database again, with its tables, and finds all else as it was', async () => {
    await withAdmin(
      {
        folders: project.folders,
        server: { zone: 'a', process: 'postgres', port: settings.postgresPort },
      },
      (client) => dropDatabase(client, 'shop'),
    );
    expect(await up('--refresh')).toMatch(/\+ 2 created\s+7 unchanged/);
    expect(await query('SELECT id FROM products')).toEqual([]);
  }, 120_000);

  test('runs a new migration, and refuses one that was changed after it had run', async () => {
    project.write('migrations/0002_brands.sql', 'CREATE TABLE brands (id int PRIMARY KEY);\n');
    change({ migrationsDigest: '2' });
    await up();
    expect(await query('SELECT id FROM brands')).toEqual([]);
    project.write('migrations/0002_brands.sql', 'CREATE TABLE brands (id bigint PRIMARY KEY);\n');
    change({ migrationsDigest: '3' });
    expect(await fail('up', '--yes', '--skip-preview')).toContain(
      "POSTGRES_MIGRATION_CHANGED: Database 'shop': ",
    );
    project.write('migrations/0002_brands.sql', 'CREATE TABLE brands (id int PRIMARY KEY);\n');
  }, 120_000);

  test('tells why an update fails, with the end of the log', async () => {
    const good = settings.webs;
    change({
      webs: [{ name: 'web', port: webPort, script: 'console.log("no flour"); process.exit(3);' }],
    });
    const output = await fail('up', '--yes', '--skip-preview');
    expect(output).toContain("PROCESS_NOT_READY: Process 'web' in zone a fails");
    expect(output).toContain('no flour');
    change({ webs: good });
  }, 120_000);

  test('leaves nothing of a process that could not be created, and the next up fixes what failed', async () => {
    const foreign = createServer().listen(0, WEB_ADDRESS);
    await once(foreign, 'listening');
    const address = foreign.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const good = settings.webs;
    change({ webs: [...good, { name: 'second', port, script: webScript('second', port) }] });
    const output = await fail('up', '--yes', '--skip-preview');
    foreign.close();
    expect(output).toContain(`PORT_TAKEN: Process 'second'`);
    expect(await agent.getProcess('second')).toBeUndefined();
    change({ webs: good });
    await up();
    expect(await agent.getProcess('second')).toBeUndefined();
    expect(await answer()).toBe('world');
  }, 120_000);

  test('refuses a setting out of range before anything is done', async () => {
    change({ leafLifetimeSeconds: 5 });
    expect(await fail('preview')).toContain('leafLifetimeSeconds: must be 60 to 3600, got 5');
    change({ leafLifetimeSeconds: 600 });
  }, 60_000);

  test('stops waiting on Ctrl-C, leaves nothing half made, and works the next time', async () => {
    const good = settings.webs;
    const port = await freePort(WEB_ADDRESS);
    change({ webs: [...good, { name: 'slow', port, script: 'setInterval(() => {}, 1000);' }] });
    const child = project.start('up', '--yes', '--skip-preview');
    const result = finished(child);
    await until(async () => (await agent.getProcess('slow')) !== undefined);
    const interruptedMs = Date.now();
    child.kill('SIGINT');
    const { exitCode, output } = await result;
    expect(exitCode).not.toBe(0);
    expect(output).toContain('CANCELLED');
    expect(Date.now() - interruptedMs).toBeLessThan(15_000);
    expect(await agent.getProcess('slow')).toBeUndefined();
    change({ webs: good });
    await up(NO_CHANGE);
  }, 120_000);

  test('is destroyed with its data when its agent is dead, and leaves nothing', async () => {
    await killAgent();
    await succeed('destroy', '--yes', '--skip-preview');
    expect(remains()).toEqual([]);
  }, 120_000);
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`Not so within ${DEADLINE_MS} ms: ${condition.toString()}`);
    }
    await delay(50);
  }
}
