import type { Session } from '@meridian/kit/postgres/database.ts';

/** A place in the list of revocations. */
export interface RevocationCursor {
  /** UUID of the database that counted the position. */
  readonly epoch: string;
  readonly position: bigint;
}

/** A session that ended before its tokens did. */
export interface Revocation {
  readonly sessionId: string;
  readonly revokeTime: Date;
  /** When its last access token has expired everywhere. */
  readonly expireTime: Date;
}

/** Some revocations in their order, and where to go on. */
export interface RevocationPage {
  readonly revocations: readonly Revocation[];
  readonly cursor: RevocationCursor;
}

interface RevocationRow {
  readonly position: string;
  readonly session_id: string;
  readonly revoke_time: Date;
  readonly expire_time: Date;
}

/** Reads the revocations that SessionStore writes. */
export class RevocationStore {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * At most `limit` revocations after a cursor, those left out whose tokens have expired. A cursor of
   * another database is one of none.
   */
  async list(limit: number, after?: RevocationCursor): Promise<RevocationPage> {
    const [current] = await this.#session.query<{ readonly epoch: string }>({
      name: 'get_revocation_epoch',
      text: 'SELECT epoch FROM revocation_epochs',
    });
    if (current === undefined) throw new Error('The migrations write a revocation epoch');
    const { epoch } = current;
    const start = after?.epoch === epoch ? after.position : 0n;
    const rows = await this.#session.query<RevocationRow>({
      name: 'list_revocations',
      text: `
        SELECT position, session_id, revoke_time, expire_time FROM revocations
        WHERE position > $1 AND expire_time > now()
        ORDER BY position LIMIT $2`,
      values: [start, limit],
    });
    return {
      revocations: rows.map((row) => ({
        sessionId: row.session_id,
        revokeTime: row.revoke_time,
        expireTime: row.expire_time,
      })),
      cursor: { epoch, position: BigInt(rows.at(-1)?.position ?? start) },
    };
  }

  /** Drops revocations whose tokens have expired. */
  async removeExpired(limit: number): Promise<void> {
    await this.#session.query({
      name: 'remove_expired_revocations',
      text: `
        DELETE FROM revocations WHERE position IN (
          SELECT position FROM revocations WHERE expire_time < now()
          ORDER BY expire_time LIMIT $1 FOR UPDATE SKIP LOCKED)`,
      values: [limit],
    });
  }
}
