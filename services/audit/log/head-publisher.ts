import type { Session } from '@meridian/kit/postgres/database.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import type { Publication, SignedHead } from '../publication/publication.ts';
import { signCheckpoint, signersOf } from './checkpoint-note.ts';
import type { LogKey } from './log-key.ts';
import { mustExtend, newestRecorded } from './must-extend.ts';
import type { LogHead } from './tile-store.ts';

/** What a publisher is made from. */
export interface HeadPublisherOptions {
  /** That of the sequencer, so that one which lost its lock records nothing. */
  readonly session: Session;
  readonly publication: Publication;
  readonly key: LogKey;
  readonly log: Pick<Logger, 'warn'>;
  readonly number: number;
  /** Name of the log. */
  readonly origin: string;
}

/** Signs and publishes heads of one log, none that does not extend what was published. */
export class HeadPublisher {
  readonly #options: HeadPublisherOptions;
  /** The newest published head, once it was found to be one of this tree. */
  #newest: SignedHead | undefined;

  constructor(options: HeadPublisherOptions) {
    this.#options = options;
  }

  /**
   * Compares what is published with the tree. Returns the size of the newest published head; throws LogStopped
   * if the tree does not extend it.
   */
  async check(): Promise<number> {
    // Read first: a head is committed before it is published, so the tree that is read next has it.
    const published = await this.#options.publication.newest();
    if (published !== undefined && published.note === this.#newest?.note) {
      return Number(published.size);
    }
    const { session, number, origin } = this.#options;
    const recorded = await newestRecorded(session, number);
    if (published !== undefined) await mustExtend(session, origin, published);
    if (recorded !== undefined) await mustExtend(session, origin, recorded);
    if (recorded !== undefined && recorded.size > (published?.size ?? 0n)) {
      return this.#publishAgain(recorded);
    }
    if (published === undefined) return 0;
    await this.#record(published);
    return Number(published.size);
  }

  /** Publishes the head of a tree that is committed, unless a larger one is published. */
  async publish({ size, root }: LogHead): Promise<void> {
    const { session, publication, key, number, origin } = this.#options;
    const privateKey = await key.ready(session, publication, number, origin);
    if ((await this.check()) >= size) return;
    const head = { origin, size: BigInt(size), root };
    const signed = { size: head.size, note: signCheckpoint(head, privateKey) };
    await publication.publish(signed);
    await this.#record(signed);
  }

  async #record(head: SignedHead): Promise<void> {
    await this.#options.session.query({
      name: 'audit_record_head',
      text: 'INSERT INTO checkpoints (log, size, note) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      values: [this.#options.number, head.size.toString(), head.note],
    });
    this.#newest = head;
  }

  /** Of a head that was published and is gone from there. */
  async #publishAgain(head: SignedHead): Promise<number> {
    const { log, publication, session, number } = this.#options;
    log.warn({ size: Number(head.size) }, 'the newest published head is gone; publishing it again');
    const keys = await session.query<{ key_id: string; vkey: string; chain: string }>({
      name: 'audit_keys_of_log',
      text: 'SELECT key_id, vkey, chain FROM log_keys WHERE log = $1 AND key_id = ANY($2::text[])',
      values: [number, signersOf(head.note)],
    });
    for (const { key_id: keyId, vkey, chain: chainPem } of keys) {
      await publication.publishKey({ keyId, vkey, chainPem });
    }
    await publication.publish(head);
    this.#newest = head;
    return Number(head.size);
  }
}
