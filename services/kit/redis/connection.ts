import { readFile } from 'node:fs/promises';
import { checkServerIdentity } from 'node:tls';
import { createClient } from '@redis/client';
import type { Logger } from '../telemetry/logger.ts';
import type { ClientTls } from '../tls/client-tls.ts';
import type { RedisBinding } from './binding.ts';
import { RedisUnavailableError } from './redis-error.ts';

/** Limits of a connection. */
export interface ConnectionLimits {
  readonly connectTimeoutMs: number;
  /** Commands that wait for their answer; one more is refused at once. */
  readonly maxPendingCommands: number;
}

/** One connection: it is never used again once it was lost. */
export interface Connection {
  /** Sends a command. */
  send(command: readonly string[]): Promise<unknown>;
  /** Resolves when it is lost or closed. */
  readonly ended: Promise<void>;
  close(): void;
}

/**
 * Connects once, with what is newest of certificate and password, so that what was renewed is
 * used by the next connection and no open one is touched.
 */
export async function connect(
  binding: RedisBinding,
  tls: ClientTls,
  log: Logger,
  limits: ConnectionLimits,
): Promise<Connection> {
  const password = (await readFile(binding.passwordFile, 'utf8')).trim();
  const client = createClient({
    username: binding.username,
    password,
    // Numbers and nulls as they are in scripts; nothing that only RESP3 has is used.
    RESP: 2,
    disableClientInfo: true,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    commandsQueueMaxLength: limits.maxPendingCommands,
    socket: {
      tls: true,
      host: binding.host,
      port: binding.port,
      connectTimeout: limits.connectTimeoutMs,
      reconnectStrategy: false,
      secureContext: tls.current.context,
      // No name is sent for an address, and Node.js would then check 'localhost'.
      checkServerIdentity: (_host, certificate) => checkServerIdentity(binding.host, certificate),
    },
  });
  const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
  client.on('error', (err) => log.debug({ err: err as Error }, 'redis connection lost'));
  client.on('terminated', () => end(undefined));
  const close = (): void => {
    client.destroy();
    end(undefined);
  };
  // A server that is stopped accepts connections and answers nothing: the handshake has a limit too.
  const timer = setTimeout(() => client.destroy(), limits.connectTimeoutMs);
  try {
    await client.connect();
    if (!client.isOpen) throw new Error(`no answer within ${limits.connectTimeoutMs} ms`);
  } catch (cause) {
    client.destroy();
    throw new RedisUnavailableError('away', 'redis cannot be reached', { cause });
  } finally {
    clearTimeout(timer);
  }
  return {
    send: (command) => client.sendCommand(command),
    ended: ended.then(() => undefined),
    close,
  };
}
