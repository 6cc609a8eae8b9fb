import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Folders } from '../folders.ts';
import { withAdmin } from '../postgres/admin-connection.ts';
import type { PostgresServer } from '../postgres/identifiers.ts';
import { engineStarted } from './engine-started.ts';
import { freePort } from './free-port.ts';
import { asOrdinaryUser, giveToUser, makeUserFolder, removeFolder } from './ordinary-user.ts';
import { postgresBinaries } from './postgres-binaries.ts';

const START_TIMEOUT_MS = 30_000;

/** What lets the superuser of the tests' servers in: anybody who can enter the socket's folder. */
export const POSTGRES_FILES = {
  'pg_hba.conf': 'local all postgres peer map=superuser\nlocal all all trust\n',
  'pg_ident.conf': 'superuser /^.*$ postgres\n',
} as const;

/** A PostgreSQL of its own for a test, without TCP. */
export interface TestPostgres {
  readonly folders: Folders;
  readonly server: PostgresServer;
  stop(): Promise<void>;
}

/** Makes a cluster in a temporary folder and starts it. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const root = makeUserFolder();
  const program = join(root, 'program');
  mkdirSync(program);
  for (const [name, content] of Object.entries(POSTGRES_FILES)) {
    writeFileSync(join(root, name), content);
    giveToUser(join(root, name));
  }
  const cluster = join(root, 'cluster');
  const binaries = postgresBinaries();
  run([
    join(binaries, 'initdb'),
    '-D',
    cluster,
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]);
  const port = await freePort('127.0.0.1');
  engineStarted('postgres');
  const child = start([
    join(binaries, 'postgres'),
    ...['-D', cluster, '-p', String(port), '-k', root, '-F'],
    ...['-c', 'listen_addresses=', '-c', `hba_file=${join(root, 'pg_hba.conf')}`],
    ...['-c', `ident_file=${join(root, 'pg_ident.conf')}`],
  ]);
  const folders = { state: root, data: root, runtime: root, cache: root, program };
  const server = { zone: 'a', process: 'postgres', port };
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      child.kill('SIGQUIT');
      await once(child, 'exit');
    }
    removeFolder(root);
  };
  try {
    await withAdmin({ folders, server, patienceMs: START_TIMEOUT_MS }, () => Promise.resolve());
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { folders, server, stop };
}

function run(command: readonly string[]): void {
  const [file = '', ...args] = asOrdinaryUser(command);
  execFileSync(file, args, { stdio: 'pipe', cwd: '/' });
}

function start(command: readonly string[]): ChildProcess {
  const [file = '', ...args] = asOrdinaryUser(command);
  return spawn(file, args, { stdio: 'ignore', cwd: '/' });
}
