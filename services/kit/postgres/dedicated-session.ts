import { Client } from 'pg';
import type { ClientConfig, QueryResultRow } from 'pg';
import { inBackground } from '../background.ts';
import type { OperationTimer } from '../telemetry/operation-timer.ts';
import type { Session, Statement } from './database.ts';
import { connectionError, databaseError } from './database-error.ts';

/** How a dedicated session ends by itself. */
export interface DedicatedOptions {
  /**
   * The server ends the session, and frees its locks, if the client says nothing for so long: a
   * process that is stopped or cut off cannot hold on to a lock. @default never
   */
  readonly idleSessionTimeoutMs?: number;
}

/** A connection of one's own: what is bound to its session lives until it is closed or lost. */
export interface DedicatedSession extends Session {
  /** Whether the connection is gone; every statement then throws UNAVAILABLE. */
  readonly lost: boolean;
  /** Calls back for each notice on a channel with what it says, and once without when the session is lost. */
  listen(channel: string, onNotice: (payload?: string) => void): Promise<void>;
  /** Closes the connection; never throws. */
  close(): Promise<void>;
}

/** A pg client as a dedicated session. */
export class DedicatedConnection implements DedicatedSession {
  readonly #client: Client;
  readonly #timer: OperationTimer;
  readonly #listeners = new Map<string, Set<(payload?: string) => void>>();
  #lost = false;
  /** Resolves when the last statement is over: a connection has one at a time. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(client: Client, timer: OperationTimer) {
    this.#client = client;
    this.#timer = timer;
    const lose = (): void => {
      this.#lost = true;
      for (const channel of this.#listeners.keys()) this.#tell(channel);
    };
    client.on('error', lose);
    client.on('end', lose);
    client.on('notification', ({ channel, payload }) => this.#tell(channel, payload));
  }

  /** Connects; throws an RpcError UNAVAILABLE if that fails. */
  static async open(
    config: ClientConfig,
    timer: OperationTimer,
    { idleSessionTimeoutMs }: DedicatedOptions,
  ): Promise<DedicatedConnection> {
    const client = new Client({
      ...config,
      ...(idleSessionTimeoutMs === undefined
        ? {}
        : { options: `-c idle_session_timeout=${idleSessionTimeoutMs}` }),
    });
    const session = new DedicatedConnection(client, timer);
    try {
      await client.connect();
    } catch (error) {
      throw connectionError(error);
    }
    return session;
  }

  get lost(): boolean {
    return this.#lost;
  }

  query<Row extends QueryResultRow>(statement: Statement): Promise<readonly Row[]> {
    const next = this.#last.then(() => this.#run<Row>(statement));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async listen(channel: string, onNotice: (payload?: string) => void): Promise<void> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(onNotice));
    await this.query({ name: 'listen', text: `LISTEN ${this.#client.escapeIdentifier(channel)}` });
  }

  async close(): Promise<void> {
    try {
      await this.#client.end();
    } catch {
      // It was lost before: the server has closed the session, or will.
      this.#lost = true;
    }
  }

  #run<Row extends QueryResultRow>({ name, text, values }: Statement): Promise<readonly Row[]> {
    return this.#timer(name, async () => {
      try {
        const given = values === undefined ? {} : { values: [...values] };
        const { rows } = await this.#client.query<Row>({ name, text, ...given });
        return rows;
      } catch (error) {
        throw databaseError(error);
      }
    });
  }

  #tell(channel: string, payload?: string): void {
    for (const listener of this.#listeners.get(channel) ?? []) {
      inBackground('database notice', () => listener(payload));
    }
  }
}
