import { randomUUID } from 'node:crypto';
import { isDone } from './edge-client.ts';
import type { EdgeAnswer, EdgeClient } from './edge-client.ts';
import type { ProbeAccount } from './probe-account.ts';

/** How long a session is used: its end clears up, and is told to everybody. */
const SESSION_MAX_MS = 24 * 3_600_000;

/** A request is repeated under its key for less than the five minutes that the key is remembered. */
const KEY_MAX_MS = 4 * 60_000;

interface OpenSession {
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly openedMs: number;
}

type Sender = Pick<EdgeClient, 'send'>;

/** What a write is made of. */
export interface SessionWriteParts {
  readonly client: Sender;
  /** Read at each sign-in. */
  readonly account: () => ProbeAccount;
  /** Milliseconds of a clock that nobody sets. @default that of the process */
  readonly now?: () => number;
}

/**
 * The write of a probe: it exchanges the refresh token of a session of its own, which is committed and told nobody.
 * A session is opened at the first write, and ended after a day and by `end`. What was not answered is repeated under the
 * same idempotency key; a session of which nobody knows any more whether it goes on is ended with the next.
 */
export class SessionWrite {
  readonly #parts: SessionWriteParts;
  readonly #now: () => number;
  #session: OpenSession | undefined;
  /** Of the request that was not answered, or not well. */
  #key: { readonly text: string; readonly sinceMs: number } | undefined;
  /** Sessions that are to be ended. */
  readonly #left = new Set<string>();
  #registered = false;

  constructor(parts: SessionWriteParts) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => performance.now());
  }

  /** Writes once; gives the answer to it, and rejects where none came. */
  async write(): Promise<EdgeAnswer> {
    if (this.#key !== undefined && this.#now() - this.#key.sinceMs > KEY_MAX_MS) this.#leave();
    const isOld = this.#now() - (this.#session?.openedMs ?? Infinity) > SESSION_MAX_MS;
    if (isOld && this.#key === undefined) this.#leave();
    const session = this.#session;
    const answer = session === undefined ? await this.#signIn() : await this.#refresh(session);
    await this.#clearUp(this.#parts.client);
    return answer;
  }

  /** Ends the session, and those that are left; rejects where no answer comes. */
  async end(client: Sender): Promise<void> {
    if (this.#session === undefined) return;
    this.#left.add(this.#session.sessionId);
    await this.#clearUp(client);
    this.#session = undefined;
  }

  /** Begins with another session next time. */
  #leave(): void {
    if (this.#session !== undefined) this.#left.add(this.#session.sessionId);
    this.#session = undefined;
    this.#key = undefined;
  }

  async #refresh({ refreshToken, openedMs }: OpenSession): Promise<EdgeAnswer> {
    const answer = await this.#post('/v1/sessions:refresh', { refreshToken });
    // Somebody has ended it, as support may.
    if (answer.status === 401) return this.#signIn();
    if (isDone(answer)) this.#session = { ...tokensOf(answer), openedMs };
    return answer;
  }

  async #signIn(): Promise<EdgeAnswer> {
    this.#session = undefined;
    const account = this.#parts.account();
    const answer = await this.#post('/v1/sessions', account);
    if (answer.status === 401 && !this.#registered) {
      const registered = await this.#post('/v1/accounts', account);
      if (registered.status >= 500) return registered;
      this.#registered = true;
      return this.#signIn();
    }
    if (isDone(answer)) this.#session = { ...tokensOf(answer), openedMs: this.#now() };
    return answer;
  }

  /** Sends what is to happen once, however often it is sent. */
  async #post(path: string, body: object): Promise<EdgeAnswer> {
    this.#key ??= { text: randomUUID(), sinceMs: this.#now() };
    const headers = { 'idempotency-key': `"${this.#key.text}"` };
    const answer = await this.#parts.client.send({ method: 'POST', path, body, headers });
    if (answer.status < 500) this.#key = undefined;
    return answer;
  }

  /** Ends what is left. A session that has ended by itself is not found, and is done with too; the current one is last. */
  async #clearUp(client: Sender): Promise<void> {
    if (this.#session === undefined) return;
    const headers = { authorization: `Bearer ${this.#session.accessToken}` };
    for (const id of this.#left) {
      const { status } = await client.send({
        ...{ method: 'DELETE', headers },
        path: `/v1/sessions/${id}`,
      });
      if (status < 500) this.#left.delete(id);
    }
  }
}

function tokensOf({ text }: EdgeAnswer): Omit<OpenSession, 'openedMs'> {
  const { tokens } = JSON.parse(text) as {
    readonly tokens?: Partial<Record<'sessionId' | 'accessToken' | 'refreshToken', unknown>>;
  };
  const { sessionId, accessToken, refreshToken } = tokens ?? {};
  if (
    typeof sessionId !== 'string' ||
    typeof accessToken !== 'string' ||
    typeof refreshToken !== 'string'
  ) {
    throw new Error('the answer has no tokens of a session');
  }
  return { sessionId, accessToken, refreshToken };
}
