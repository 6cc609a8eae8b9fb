import type { Session } from '@meridian/kit/postgres/database.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import type { Publication, Publications, SignedHead } from '../publication/publication.ts';
import { signCheckpoint, signersOf } from './checkpoint-note.ts';
import type { LogKey } from './log-key.ts';
import { mustExtend, mustGoOn } from './must-go-on.ts';
import type { LogHead } from './tile-store.ts';
import { vouchersIn } from './vouched-head.ts';
import type { VouchersOfLog } from './vouched-head.ts';

/** What a publisher is made from. */
export interface HeadPublisherOptions {
  /** That of the sequencer, so that one which lost its lock records nothing. */
  readonly session: Session;
  readonly publications: Publications;
  readonly key: LogKey;
  readonly log: Pick<Logger, 'warn'>;
  readonly number: number;
  /** Name of the log. */
  readonly origin: string;
  /** Certificates of the platform's roots at the time, as PEM. */
  readonly roots: () => string;
}

/** Signs and publishes heads of one log, none that does not extend what was published. */
export class HeadPublisher {
  readonly #options: HeadPublisherOptions;
  readonly #publication: Publication;
  /** The newest published head, once it was found to be one of this tree. */
  #newest: SignedHead | undefined;

  constructor(options: HeadPublisherOptions) {
    this.#options = options;
    this.#publication = options.publications(options.number);
  }

  /**
   * Compares all that is published with the database. Returns the size of the newest published head; throws
   * LogStopped if the log may not go on from there.
   */
  async check(): Promise<number> {
    const { session, publications, number } = this.#options;
    // Read first: a head is committed before it is published, so the tree that is read next has it.
    const newest = await this.#publication.newest();
    const successor = await publications(number + 1).newest();
    const vouchers = this.#vouchers();
    const recorded = await mustGoOn(session, this.#options, { newest, successor, vouchers });
    return this.#settle(newest, recorded);
  }

  /** Publishes the head of a tree that is committed, unless a larger one is published. */
  async publish({ size, root }: LogHead): Promise<void> {
    const { session, key, number, origin } = this.#options;
    const privateKey = await key.ready(session, this.#publication, number, origin);
    if ((await this.#compareNewest()) >= size) return;
    const head = { origin, size: BigInt(size), root };
    const signed = { size: head.size, note: signCheckpoint(head, privateKey) };
    await this.#publication.publish(signed);
    await this.#record(signed);
  }

  /** What check() does, as far as another head is published than before. */
  async #compareNewest(): Promise<number> {
    const newest = await this.#publication.newest();
    if (newest !== undefined && newest.note === this.#newest?.note) return Number(newest.size);
    const compared = { newest, vouchers: this.#vouchers() };
    return this.#settle(newest, await mustExtend(this.#options.session, this.#options, compared));
  }

  #vouchers(): VouchersOfLog {
    return vouchersIn(this.#options.publications, this.#options.roots());
  }

  /** Makes what is published, shown and recorded one head, which the tree extends. */
  async #settle(
    published: SignedHead | undefined,
    recorded: SignedHead | undefined,
  ): Promise<number> {
    if (recorded !== undefined && recorded.size > (published?.size ?? 0n)) {
      return this.#publishAgain(recorded);
    }
    if (published === undefined) return 0;
    await this.#publication.showNewest(published);
    await this.#record(published);
    return Number(published.size);
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
    const { log, session, number } = this.#options;
    log.warn({ size: Number(head.size) }, 'the newest published head is gone; publishing it again');
    const keys = await session.query<{ key_id: string; vkey: string; chain: string }>({
      name: 'audit_keys_of_log',
      text: 'SELECT key_id, vkey, chain FROM log_keys WHERE log = $1 AND key_id = ANY($2::text[])',
      values: [number, signersOf(head.note)],
    });
    for (const { key_id: keyId, vkey, chain: chainPem } of keys) {
      await this.#publication.publishKey({ keyId, vkey, chainPem });
    }
    await this.#publication.publish(head);
    this.#newest = head;
    return Number(head.size);
  }
}
