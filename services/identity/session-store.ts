import { randomUUID } from 'node:crypto';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Session, Transaction, Transactional } from '@meridian/kit/postgres/database.ts';
import { accountEvent } from './account-events.ts';
import type { AccountEvents } from './account-events.ts';
import {
  RevocationReason,
  SessionCreatedSchema,
  SessionRevokedSchema,
} from './contract/gen/meridian/identity/v1/events_pb.js';
import { inTransaction } from './in-transaction.ts';
import {
  ACCESS_TOKEN_LIFETIME_SECONDS,
  CLOCK_LEEWAY_SECONDS,
  REFRESH_TOKEN_LIFETIME_SECONDS,
  SESSION_LIFETIME_SECONDS,
} from './lifetimes.ts';

/** A session that goes on with a refresh token of its own. */
export interface LiveSession {
  readonly sessionId: string;
  readonly accountId: string;
  /** Those of the account now. */
  readonly roles: readonly string[];
  readonly refreshExpireTime: Date;
}

/** Why a refresh token gives no new ones; none of it is for the client. */
export type RefreshRefusal = 'unknown' | 'reused' | 'late' | 'expired' | 'revoked';

/** A refresh token that gives no new ones, and whose it was if it ever was one. */
export interface RefusedRefresh {
  readonly kind: 'refused';
  readonly reason: RefreshRefusal;
  readonly sessionId?: string;
}

/** What became of a refresh token. */
export type RefreshOutcome =
  { readonly kind: 'refreshed'; readonly session: LiveSession } | RefusedRefresh;

/** A session and whose it is. */
export interface OwnedSession {
  readonly sessionId: string;
  readonly accountId: string;
}

/** Why sessions end early. */
interface RevocationCause {
  readonly reason: RevocationReason;
  /** Id of the account that asks for it. @default none does */
  readonly revokedBy?: string;
}

interface SessionRow {
  readonly account_id: string;
  readonly roles: readonly string[];
  readonly revoked: boolean;
  readonly expired: boolean;
}

interface AnsweredRow {
  readonly session_id: string;
  readonly used: boolean;
  readonly revoked: boolean;
}

/** An arbitrary number that no other lock of this database has. */
const REVOCATION_LOCK = 4_719_283_001;

/**
 * Sessions and their refresh tokens in PostgreSQL; each change is one transaction, which locks first the
 * account, then the session, then the list of revocations.
 */
export class SessionStore {
  readonly #database: Transactional;
  readonly #events: AccountEvents;

  constructor(database: Transactional, events: AccountEvents) {
    this.#database = database;
    this.#events = events;
  }

  /** Opens a session, in a transaction of its own if none is given. */
  async create(
    account: { readonly accountId: string; readonly roles: readonly string[] },
    refreshSha256: Buffer,
    within?: Transaction,
  ): Promise<LiveSession> {
    const sessionId = randomUUID();
    const { accountId } = account;
    return inTransaction(this.#database, within, async (transaction) => {
      const [row] = await transaction.query<{ expire_time: Date }>({
        name: 'create_session',
        text: `
          INSERT INTO sessions (session_id, account_id, expire_time)
          VALUES ($1, $2, now() + make_interval(secs => $3))
          RETURNING expire_time`,
        values: [sessionId, accountId, SESSION_LIFETIME_SECONDS],
      });
      if (row === undefined) throw new Error('An INSERT of one row gives one row');
      const refreshExpireTime = await addRefreshToken(transaction, sessionId, refreshSha256);
      const expireTime = timestampFromDate(row.expire_time);
      const created = accountEvent(SessionCreatedSchema, { sessionId, expireTime });
      await this.#events.add(transaction, accountId, [created]);
      return { sessionId, ...account, refreshExpireTime };
    });
  }

  /**
   * Uses up a refresh token and puts another in its place. A token that was used before ends its
   * session, even when both uses come at the same moment: one of the two is a thief's, and nothing
   * tells which. Source: RFC 9700 section 4.14.2. The end of the session has to be committed, so a
   * transaction that is given commits after a refusal too.
   */
  async refresh(
    givenSha256: Buffer,
    nextSha256: Buffer,
    within?: Transaction,
  ): Promise<RefreshOutcome> {
    return inTransaction(this.#database, within, async (session): Promise<RefreshOutcome> => {
      // The second of two uses waits here for the first to commit, and then finds nothing to update.
      const [used] = await session.query<{ session_id: string; expired: boolean }>({
        name: 'use_refresh_token',
        text: `
          UPDATE refresh_tokens SET use_time = now()
          WHERE token_sha256 = $1 AND use_time IS NULL
          RETURNING session_id, expire_time <= now() AS expired`,
        values: [givenSha256],
      });
      if (used === undefined) return this.#refuseUsed(session, givenSha256);
      const sessionId = used.session_id;
      const found = await lockSession(session, sessionId);
      if (found === undefined || found.revoked) {
        return { kind: 'refused', reason: 'revoked', sessionId };
      }
      if (used.expired || found.expired) return { kind: 'refused', reason: 'expired', sessionId };
      const refreshExpireTime = await addRefreshToken(session, sessionId, nextSha256);
      const { account_id: accountId, roles } = found;
      return {
        kind: 'refreshed',
        session: { sessionId, accountId, roles, refreshExpireTime },
      };
    });
  }

  /**
   * Why a refresh token is not to be given out a second time to whoever repeats the request that it was
   * the answer to; undefined while it waits for its use. One that was used did arrive. Then the
   * repetition is late, as that of a replica which hung with it, and no more than that: its sender knows
   * the key besides the token, and gets nothing.
   */
  async refuseRepetition(answeredSha256: Buffer): Promise<RefusedRefresh | undefined> {
    const [answered] = await this.#database.query<AnsweredRow>({
      name: 'find_answered_refresh_token',
      text: `
        SELECT session_id, use_time IS NOT NULL AS used, revoke_time IS NOT NULL AS revoked
        FROM refresh_tokens JOIN sessions USING (session_id)
        WHERE token_sha256 = $1`,
      values: [answeredSha256],
    });
    if (answered === undefined) return { kind: 'refused', reason: 'unknown' };
    const { session_id: sessionId, revoked, used } = answered;
    if (revoked) return { kind: 'refused', reason: 'revoked', sessionId };
    return used ? { kind: 'refused', reason: 'late', sessionId } : undefined;
  }

  /** The account of a session, whose id must have the form of one. */
  async ownerOf(sessionId: string): Promise<string | undefined> {
    const [row] = await this.#database.query<{ account_id: string }>({
      name: 'get_session_owner',
      text: 'SELECT account_id FROM sessions WHERE session_id = $1',
      values: [sessionId],
    });
    return row?.account_id;
  }

  /** Ends a session for the account that asks for it; ending it again changes nothing. */
  async revoke({ sessionId, accountId }: OwnedSession, revokedBy: string): Promise<void> {
    const cause = { reason: RevocationReason.REQUESTED, revokedBy };
    await this.#database.transaction((transaction) =>
      this.#revoke(transaction, accountId, cause, sessionId),
    );
  }

  /** Ends all sessions of an account because of its new password, within the transaction of that. */
  async revokeAll(accountId: string, transaction: Transaction): Promise<void> {
    await this.#revoke(transaction, accountId, { reason: RevocationReason.PASSWORD_CHANGED });
  }

  /** Whether somebody signed in to an account no longer ago, and has not been signed out. */
  async isFresh(accountId: string, seconds: number, session: Session): Promise<boolean> {
    const found = await session.query({
      name: 'find_fresh_session',
      text: `
        SELECT 1 FROM sessions
        WHERE account_id = $1 AND revoke_time IS NULL
          AND create_time > now() - make_interval(secs => $2) LIMIT 1`,
      values: [accountId, seconds],
    });
    return found.length > 0;
  }

  /**
   * Ends all sessions of an account that is being deleted, within the transaction of that. Their refresh
   * tokens go first: whoever refreshes has locked the token, and then waits for the session.
   */
  async endForDeletion(
    accountId: string,
    revokedBy: string,
    transaction: Transaction,
  ): Promise<void> {
    await transaction.query({
      name: 'erase_refresh_tokens',
      text: `
        DELETE FROM refresh_tokens
        WHERE session_id IN (SELECT session_id FROM sessions WHERE account_id = $1)`,
      values: [accountId],
    });
    await this.#revoke(transaction, accountId, {
      reason: RevocationReason.ACCOUNT_DELETED,
      revokedBy,
    });
  }

  /** Drops sessions that ended by themselves, with all their refresh tokens. */
  async removeExpired(limit: number): Promise<void> {
    await this.#database.query({
      name: 'remove_expired_sessions',
      text: `
        DELETE FROM sessions WHERE session_id IN (
          SELECT session_id FROM sessions
          WHERE expire_time < now() - make_interval(secs => $1)
          ORDER BY expire_time LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      values: [ACCESS_TOKEN_LIFETIME_SECONDS + CLOCK_LEEWAY_SECONDS, limit],
    });
  }

  /** The second use of a token, or the first of one that never was. */
  async #refuseUsed(transaction: Transaction, sha256: Buffer): Promise<RefusedRefresh> {
    const [known] = await transaction.query<{ session_id: string; account_id: string }>({
      name: 'find_used_refresh_token',
      text: `
        SELECT session_id, account_id FROM refresh_tokens JOIN sessions USING (session_id)
        WHERE token_sha256 = $1`,
      values: [sha256],
    });
    if (known === undefined) return { kind: 'refused', reason: 'unknown' };
    const { session_id: sessionId, account_id: accountId } = known;
    const cause = { reason: RevocationReason.REFRESH_TOKEN_REUSED };
    await this.#revoke(transaction, accountId, cause, sessionId);
    return { kind: 'refused', reason: 'reused', sessionId };
  }

  /** Ends one session of an account, or all, of those that have not ended early before. */
  async #revoke(
    transaction: Transaction,
    accountId: string,
    cause: RevocationCause,
    sessionId?: string,
  ): Promise<void> {
    await lockAccount(transaction, accountId);
    const ended = await endSessions(transaction, accountId, sessionId);
    if (ended.length === 0) return;
    await this.#events.add(
      transaction,
      accountId,
      ended.map((id) => accountEvent(SessionRevokedSchema, { ...cause, sessionId: id })),
    );
    await listRevocations(transaction, ended);
  }
}

/** Reads a session and keeps it from being ended or refreshed by anybody else meanwhile. */
async function lockSession(session: Session, sessionId: string): Promise<SessionRow | undefined> {
  const [row] = await session.query<SessionRow>({
    name: 'lock_session',
    text: `
      SELECT account_id, roles, revoke_time IS NOT NULL AS revoked, expire_time <= now() AS expired
      FROM sessions JOIN accounts USING (account_id)
      WHERE session_id = $1
      FOR UPDATE OF sessions`,
    values: [sessionId],
  });
  return row;
}

async function addRefreshToken(session: Session, sessionId: string, sha256: Buffer): Promise<Date> {
  const [row] = await session.query<{ expire_time: Date }>({
    name: 'add_refresh_token',
    text: `
      INSERT INTO refresh_tokens (token_sha256, session_id, expire_time)
      SELECT $1, session_id, least(expire_time, now() + make_interval(secs => $3))
      FROM sessions WHERE session_id = $2
      RETURNING expire_time`,
    values: [sha256, sessionId, REFRESH_TOKEN_LIFETIME_SECONDS],
  });
  if (row === undefined) throw new Error(`Session ${sessionId} is gone within its transaction`);
  return row.expire_time;
}

async function lockAccount(session: Session, accountId: string): Promise<void> {
  await session.query({
    name: 'lock_account',
    text: 'SELECT account_id FROM accounts WHERE account_id = $1 FOR NO KEY UPDATE',
    values: [accountId],
  });
}

/** Ends a session or, without its id, all of an account; returns the ids of those that did end. */
async function endSessions(
  session: Session,
  accountId: string,
  sessionId?: string,
): Promise<readonly string[]> {
  const rows = await session.query<{ session_id: string }>(
    sessionId === undefined
      ? {
          name: 'revoke_sessions_of_account',
          text: `
            UPDATE sessions SET revoke_time = now()
            WHERE account_id = $1 AND revoke_time IS NULL
            RETURNING session_id`,
          values: [accountId],
        }
      : {
          name: 'revoke_session',
          text: `
            UPDATE sessions SET revoke_time = now()
            WHERE session_id = $1 AND revoke_time IS NULL
            RETURNING session_id`,
          values: [sessionId],
        },
  );
  return rows.map((row) => row.session_id);
}

async function listRevocations(session: Session, sessionIds: readonly string[]): Promise<void> {
  // Held until the commit, so that positions are taken and become visible in one order; a statement
  // of its own, as it must be held before a position is drawn.
  await session.query({
    name: 'lock_revocations',
    text: 'SELECT pg_advisory_xact_lock($1)',
    values: [REVOCATION_LOCK],
  });
  // The clock after the locks: whoever drew a token for these sessions held them before.
  await session.query({
    name: 'add_revocations',
    text: `
      INSERT INTO revocations (session_id, revoke_time, expire_time)
      SELECT session_id, at, at + make_interval(secs => $2)
      FROM unnest($1::uuid[]) AS session_id, clock_timestamp() AS at`,
    values: [sessionIds, ACCESS_TOKEN_LIFETIME_SECONDS + CLOCK_LEEWAY_SECONDS],
  });
}
