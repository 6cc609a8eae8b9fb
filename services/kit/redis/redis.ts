import type { Runtime } from '../runtime.ts';
import { operationTimer } from '../telemetry/operation-timer.ts';
import type { OperationTimer } from '../telemetry/operation-timer.ts';
import { openClientTls } from '../tls/client-tls.ts';
import { readRedisBinding } from './binding.ts';
import { ConnectionKeeper } from './connection-keeper.ts';
import { RedisUnavailableError } from './redis-error.ts';
import type { RedisScript } from './script.ts';

/** Limits of a client; short, because whoever waits could have gone on without. */
export interface RedisOptions {
  /** @default 100 */
  readonly commandTimeoutMs?: number;
  /** @default 1000 */
  readonly connectTimeoutMs?: number;
  /** Commands that may wait for their answer at once. @default 1000 */
  readonly maxPendingCommands?: number;
}

/** A key space of Redis; keys are given without its prefix. */
export interface Redis {
  /** Whether a command would be sent now; when not, it fails at once. */
  readonly isConnected: boolean;
  /** The value of a key, or undefined. Throws RedisUnavailableError, as all of these do. */
  get(key: string): Promise<string | undefined>;
  /** Sets a key for a time. */
  set(key: string, value: string, timeToLiveMs: number): Promise<void>;
  /** Removes keys. */
  delete(keys: readonly string[]): Promise<void>;
  /** Runs a script; `KEYS` have the prefix, and replies are as in RESP2. */
  run(script: RedisScript, keys: readonly string[], args: readonly string[]): Promise<unknown>;
}

/**
 * Opens the key space of a binding: over TLS, the server verified by its address, with the client certificate of
 * the binding's folder if it has one, and the password of its file; both are read again for each connection. While Redis is away every command fails at once, and the process is degraded: what
 * Redis holds may be lost, so whoever uses it goes on without. It is closed when the process leaves.
 * Throws a CodedError.
 */
export function openRedis(runtime: Runtime, name: string, options: RedisOptions = {}): Redis {
  const binding = readRedisBinding(runtime.bindings, name, runtime.workingFolder);
  const tls = openClientTls(binding.tls, { log: runtime.log, metrics: runtime.metrics });
  const keeper = new ConnectionKeeper(binding, tls, runtime, {
    commandTimeoutMs: options.commandTimeoutMs ?? 100,
    connectTimeoutMs: options.connectTimeoutMs ?? 1_000,
    maxPendingCommands: options.maxPendingCommands ?? 1_000,
  });
  runtime.readiness.add(
    `redis ${name}`,
    () => {
      if (!keeper.isConnected) throw new Error('redis is away');
    },
    'degrading',
  );
  runtime.onRelease(`redis '${name}'`, async () => {
    await keeper.close();
    tls.close();
  });
  const timer = operationTimer(runtime, {
    system: 'redis',
    namespace: name,
    errorType: (error) => (error instanceof RedisUnavailableError ? error.reason : '_OTHER'),
  });
  return new PrefixedRedis(keeper, timer, binding.keyPrefix);
}

class PrefixedRedis implements Redis {
  readonly #keeper: ConnectionKeeper;
  readonly #timer: OperationTimer;
  readonly #prefix: string;

  constructor(keeper: ConnectionKeeper, timer: OperationTimer, prefix: string) {
    this.#keeper = keeper;
    this.#timer = timer;
    this.#prefix = prefix;
  }

  get isConnected(): boolean {
    return this.#keeper.isConnected;
  }

  async get(key: string): Promise<string | undefined> {
    const value = await this.#send('GET', ['GET', this.#prefix + key]);
    return typeof value === 'string' ? value : undefined;
  }

  async set(key: string, value: string, timeToLiveMs: number): Promise<void> {
    await this.#send('SET', ['SET', this.#prefix + key, value, 'PX', String(timeToLiveMs)]);
  }

  async delete(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#send('UNLINK', ['UNLINK', ...keys.map((key) => this.#prefix + key)]);
  }

  run(
    { name, text, sha1 }: RedisScript,
    keys: readonly string[],
    args: readonly string[],
  ): Promise<unknown> {
    const given = [String(keys.length), ...keys.map((key) => this.#prefix + key), ...args];
    return this.#timer(name, async () => {
      try {
        return await this.#keeper.send(['EVALSHA', sha1, ...given]);
      } catch (error) {
        // The server was started again and has not seen the script.
        if (!isRefusal(error, 'NOSCRIPT')) throw error;
        return await this.#keeper.send(['EVAL', text, ...given]);
      }
    });
  }

  #send(operation: string, command: readonly string[]): Promise<unknown> {
    return this.#timer(operation, () => this.#keeper.send(command));
  }
}

function isRefusal(error: unknown, code: string): boolean {
  return error instanceof RedisUnavailableError && error.message.startsWith(code);
}
