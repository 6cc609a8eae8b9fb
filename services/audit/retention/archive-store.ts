import type { Session } from '@meridian/kit/postgres/database.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { EventStore } from '../event-store.ts';
import type { StoredHead } from '../head-store.ts';
import { parseCheckpoint } from '../log/checkpoint-note.ts';

/** The type of the entry that says that there is an archive; its data is the head that the archive is of. */
export const ARCHIVE_TYPE = 'meridian.audit.Archive';

/** What may move to an archive by now. */
export interface ArchivePlan {
  /** Undefined where entries keep what they carry for ever. */
  readonly keepDays: number | undefined;
  /** The largest published head of which every entry is older; undefined where there is none. */
  readonly head: StoredHead | undefined;
}

interface HeadRow {
  readonly note: string;
  readonly signed_at: Date;
}

/** Plans archives and records them; it moves nothing, and its role could not. */
export class ArchiveStore {
  readonly #session: Session;
  readonly #keepDays: number | undefined;

  /** @param keepDays undefined is for ever */
  constructor(session: Session, keepDays: number | undefined) {
    this.#session = session;
    this.#keepDays = keepDays;
  }

  async plan(): Promise<ArchivePlan> {
    return { keepDays: this.#keepDays, head: await this.#oldHead() };
  }

  /**
   * Enters in the log that there is an archive of a head, once.
   *
   * @throws {RpcError} FAILED_PRECONDITION unless it is a published head of which every entry is old enough
   */
  async record(size: bigint): Promise<void> {
    const head = await this.#oldHead(size);
    if (head === undefined) {
      throw new RpcError(
        'FAILED_PRECONDITION',
        this.#keepDays === undefined
          ? 'entries keep what they carry for ever: set meridian:auditKeepDays'
          : `no head of ${size} entries was published more than ${this.#keepDays} days ago`,
      );
    }
    const { origin } = head;
    const id = `archive/${size}`;
    await new EventStore(this.#session).add([
      {
        ...{ kind: 'baseline', source: `log:${origin}`, id, type: ARCHIVE_TYPE, subject: origin },
        ...{ version: undefined, causationId: undefined, correlationId: id, time: new Date() },
        data: Buffer.from(head.note),
      },
    ]);
  }

  /** The largest that was signed long enough ago, so after all its entries came; or the one of a size. */
  async #oldHead(size?: bigint): Promise<StoredHead | undefined> {
    if (this.#keepDays === undefined) return undefined;
    const ofSize = size === undefined ? '' : 'AND checkpoints.size = $2';
    const [row] = await this.#session.query<HeadRow>({
      name: size === undefined ? 'audit_archive_head' : 'audit_archive_head_of_size',
      text: `SELECT note, signed_at FROM checkpoints JOIN log_head USING (log)
             WHERE signed_at < now() - $1::integer * interval '1 day' ${ofSize}
             ORDER BY signed_at DESC, checkpoints.size DESC LIMIT 1`,
      values: [this.#keepDays, ...(size === undefined ? [] : [size.toString()])],
    });
    return row && { ...parseCheckpoint(row.note), note: row.note, signTime: row.signed_at };
  }
}
