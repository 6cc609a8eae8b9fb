import type { Session } from '@meridian/kit/postgres/database.ts';
import { parseCheckpoint } from './log/checkpoint-note.ts';
import type { CheckpointText } from './log/checkpoint-note.ts';

/** A head of the log that was published. */
export interface StoredHead extends CheckpointText {
  /** The signed note. */
  readonly note: string;
  readonly signTime: Date;
}

/** A key that heads are signed with. */
export interface StoredKey {
  readonly keyId: string;
  readonly vkey: string;
  readonly chain: string;
  readonly since: Date;
}

/** Reads published heads and their keys. */
export class HeadStore {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Undefined while none is published. */
  async newest(): Promise<StoredHead | undefined> {
    const [row] = await this.#session.query<HeadRow>({
      name: 'audit_head_with_time',
      text: `${HEADS} ORDER BY checkpoints.size DESC LIMIT 1`,
    });
    return row && headOf(row);
  }

  /** Those of at least a size, the smallest first. */
  async list(from: bigint, limit: number): Promise<readonly StoredHead[]> {
    const rows = await this.#session.query<HeadRow>({
      name: 'audit_heads',
      text: `${HEADS} WHERE checkpoints.size >= $1 ORDER BY checkpoints.size LIMIT $2`,
      values: [from.toString(), limit],
    });
    return rows.map(headOf);
  }

  /** Those of all logs, by when they came and then by their ids, behind a place. */
  async keys(limit: number, after?: string): Promise<readonly StoredKey[]> {
    const rows = await this.#session.query<KeyRow>({
      name: 'audit_keys',
      text: `SELECT key_id, vkey, chain, since FROM log_keys
             WHERE $2::text IS NULL
                OR (since, key_id) > (SELECT since, key_id FROM log_keys WHERE key_id = $2)
             ORDER BY since, key_id LIMIT $1`,
      values: [limit, after ?? null],
    });
    return rows.map(({ key_id: keyId, ...key }) => ({ keyId, ...key }));
  }
}

interface HeadRow {
  readonly note: string;
  readonly signed_at: Date;
}

interface KeyRow {
  readonly key_id: string;
  readonly vkey: string;
  readonly chain: string;
  readonly since: Date;
}

const HEADS = 'SELECT note, signed_at FROM checkpoints JOIN log_head USING (log)';

function headOf({ note, signed_at: signTime }: HeadRow): StoredHead {
  return { ...parseCheckpoint(note), note, signTime };
}
