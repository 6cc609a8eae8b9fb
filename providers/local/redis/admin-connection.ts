import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { z } from 'zod';
import type { Folders } from '../folders.ts';
import { placeholdersOf } from '../folders.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import {
  REDIS_ADMIN_PASSWORD_FILE,
  REDIS_ADMIN_USER,
  redisSocket,
} from '../resources/redis-server.ts';
import { readPassword } from '../machine/passwords.ts';

const CONNECT_TIMEOUT_MS = 2000;
const RETRY_MS = 100;

/** Which server of this machine; `zone` and `process` name it in messages. */
export const redisServerSchema = z.strictObject({
  zone: z.string().min(1),
  process: z.string().min(1),
  port: z.int().min(1024, 'must be 1024 to 65535').max(65535, 'must be 1024 to 65535'),
});
export type RedisServer = Readonly<z.infer<typeof redisServerSchema>>;

/** Sends a command as the admin; replies are as in RESP2. @throws {CodedError} REDIS_REFUSED */
export type RedisAdmin = (...command: readonly string[]) => Promise<unknown>;

export interface RedisAdminOptions {
  readonly folders: Folders;
  readonly server: RedisServer;
  /** How long to go on trying while nobody answers, in milliseconds. @default 0: one try */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

/** The server's name in messages. */
export function redisName({ zone, process, port }: RedisServer): string {
  return `Redis '${process}' in zone ${zone} (port ${port})`;
}

/**
 * Runs `work` on a connection of the admin, over the server's unix socket, and closes it.
 * @throws {CodedError} REDIS_UNREACHABLE, REDIS_REFUSED, CANCELLED
 */
export async function withRedisAdmin<T>(
  options: RedisAdminOptions,
  work: (admin: RedisAdmin) => Promise<T>,
): Promise<T> {
  const client = await connect(options);
  try {
    return await work(async (...command) => {
      try {
        return await client.sendCommand(command);
      } catch (thrown) {
        throw new CodedError(
          'REDIS_REFUSED',
          `${redisName(options.server)}: refused ${command.slice(0, 2).join(' ')}: ${messageOf(thrown)}`,
          { cause: thrown },
        );
      }
    });
  } finally {
    client.destroy();
  }
}

async function connect({ folders, server, patienceMs = 0, signal }: RedisAdminOptions) {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await connectOnce(folders, server);
    } catch (thrown) {
      if (signal?.aborted === true) {
        throw new CodedError('CANCELLED', `Stopped while ${redisName(server)} was waited for`);
      }
      if (Date.now() >= deadline) {
        throw new CodedError(
          'REDIS_UNREACHABLE',
          `${redisName(server)}: does not let its admin in on its socket in ${folders.runtime} (${messageOf(thrown)}); 'npm run status' tells whether it runs`,
          { cause: thrown },
        );
      }
      await delay(RETRY_MS);
    }
  }
}

async function connectOnce(folders: Folders, server: RedisServer) {
  const { data } = placeholdersOf(folders, server.zone, server.process);
  const password = await readPassword(join(data, REDIS_ADMIN_PASSWORD_FILE));
  if (password === undefined) {
    throw new Error(`${data} holds no password of the admin yet`);
  }
  const client = createClient({
    username: REDIS_ADMIN_USER,
    password,
    RESP: 2,
    disableClientInfo: true,
    disableOfflineQueue: true,
    socket: {
      path: join(folders.runtime, redisSocket(server.port)),
      tls: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // A lost connection is told by the command that needs it.
      reconnectStrategy: false,
    },
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
