import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Folders } from '../folders.ts';
import { withRedisAdmin } from '../redis/admin-connection.ts';
import type { RedisServer } from '../redis/admin-connection.ts';
import { newPassword, passwordFingerprint } from '../machine/passwords.ts';
import {
  REDIS_ADMIN_PASSWORD_FILE,
  REDIS_ADMIN_USER,
  redisSocket,
} from '../resources/redis-server.ts';
import { engineStarted } from './engine-started.ts';
import { freePort } from './free-port.ts';
import { asOrdinaryUser, giveToUser, makeUserFolder, removeFolder } from './ordinary-user.ts';

const START_TIMEOUT_MS = 30_000;

/** A Redis of its own for a test, on a unix socket only. */
export interface TestRedis {
  readonly folders: Folders;
  readonly server: RedisServer;
  /** Kills the server and starts it again with the same data. */
  restart(): Promise<void>;
  /** Kills the server, and with `data: 'lost'` makes all users but the admin be gone. */
  kill(options?: { readonly data: 'lost' }): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server in a temporary folder. */
export async function startTestRedis(): Promise<TestRedis> {
  const root = makeUserFolder();
  const server = { zone: 'a', process: 'redis', port: await freePort('127.0.0.1') };
  const folders = { state: join(root, 's'), data: root, runtime: root, cache: root, program: root };
  const data = join(root, server.zone, server.process);
  mkdirSync(data, { recursive: true });
  const password = newPassword();
  const put = (name: string, content: string): void => {
    writeFileSync(join(data, name), content, { mode: 0o600 });
    giveToUser(join(data, name));
  };
  const putUsers = (): void => {
    const hash = passwordFingerprint(password);
    put('users.acl', `user default off\nuser ${REDIS_ADMIN_USER} on #${hash} ~* &* +@all\n`);
  };
  giveToUser(data);
  put(REDIS_ADMIN_PASSWORD_FILE, password);
  putUsers();
  let child: ChildProcess;
  const start = async (): Promise<void> => {
    const [file = '', ...args] = asOrdinaryUser([
      join(redisBinaries(), 'redis-server'),
      ...['--port', '0', '--unixsocket', join(root, redisSocket(server.port))],
      ...['--aclfile', join(data, 'users.acl'), '--save', '', '--dir', data],
    ]);
    engineStarted('redis');
    child = spawn(file, args, { stdio: 'ignore', cwd: '/' });
    await withRedisAdmin({ folders, server, patienceMs: START_TIMEOUT_MS }, () =>
      Promise.resolve(),
    );
  };
  const kill: TestRedis['kill'] = async (options) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    if (options?.data === 'lost') putUsers();
  };
  await start();
  return {
    folders,
    server,
    kill,
    restart: async () => {
      await kill();
      await start();
    },
    stop: async () => {
      await kill();
      removeFolder(root);
    },
  };
}

/** The folder of `redis-server`: `MERIDIAN_REDIS_BIN`, else that of the engine cache. */
function redisBinaries(): string {
  return (
    process.env['MERIDIAN_REDIS_BIN'] ??
    join(process.env['MERIDIAN_CACHE'] ?? '/var/cache/meridian', 'redis/current/bin')
  );
}
