import { runOutsideScope } from '../call-scope.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import type { DedicatedSession } from './dedicated-session.ts';

/**
 * Asks a database whether it answers, on a connection of its own. Those of the pool may all be busy
 * with requests, and a process that is only busy must not count as one that lost its database: its
 * load would go to the others, and then theirs.
 */
export class DatabaseWatch {
  readonly #open: () => Promise<DedicatedSession>;
  readonly #maxLifetimeMs: number;
  #session: DedicatedSession | undefined;
  #openedMs = 0;
  #asking: Promise<void> | undefined;
  #closed = false;
  #hasAnswered = false;

  /** @param maxLifetimeMs a connection is replaced after it */
  constructor(open: () => Promise<DedicatedSession>, maxLifetimeMs: number) {
    this.#open = open;
    this.#maxLifetimeMs = maxLifetimeMs;
  }

  /** Whether the database has answered since the process began. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** Throws an RpcError unless the database answers; while one question is open no other is put. */
  check(): Promise<void> {
    // The connection outlives the call that happened to need it.
    this.#asking ??= runOutsideScope(() => this.#ask()).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  close(): void {
    this.#closed = true;
    this.#drop();
    // One that is being opened is closed when it is there.
    const drop = (): void => this.#drop();
    void this.#asking?.then(drop, drop);
  }

  async #ask(): Promise<void> {
    if (this.#closed) throw new RpcError('UNAVAILABLE', 'the database was closed');
    const tooOld = performance.now() - this.#openedMs > this.#maxLifetimeMs;
    if (this.#session?.lost === true || tooOld) this.#drop();
    try {
      this.#session ??= await this.#connect();
      await this.#session.query({ name: 'check', text: 'SELECT 1' });
    } catch (error) {
      this.#drop();
      throw error;
    }
    this.#hasAnswered = true;
  }

  async #connect(): Promise<DedicatedSession> {
    const session = await this.#open();
    this.#openedMs = performance.now();
    return session;
  }

  /** Not waited for: a server that hangs says no goodbye. */
  #drop(): void {
    void this.#session?.close();
    this.#session = undefined;
  }
}
