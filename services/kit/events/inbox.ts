import type { Transaction, Transactional } from '../postgres/database.ts';
import type { Runtime } from '../runtime.ts';
import { addHeld, dropHeld, firstHeld, isHeld, lockAggregate, removeHeld } from './held-events.ts';
import type { Aggregate, HeldEvent } from './held-events.ts';

/** How long handled events are remembered: longer than a topic keeps them, 7 days by default. */
export const INBOX_RETENTION_DAYS = 30;

const SWEEP_INTERVAL_MS = 600_000;
const SWEEP_LIMIT = 10_000;

/** Which event of which aggregate; one without a key has none. */
export interface InboxEvent {
  readonly id: string;
  readonly topic: string;
  readonly key: Buffer | null;
}

/** What became of an event: its effect is there, was there already, or an earlier one is in the way. */
export type Taken = 'handled' | 'repeated' | 'blocked';

/**
 * What became of an event that somebody wants to be let go: it is, with its effect left out; it is not kept,
 * as it was handled or dropped before; or one that came earlier has to be decided about first.
 */
export type Dropped = 'dropped' | 'not kept' | 'behind another';

/**
 * Remembers which events a consumer has handled, in the database of their effects, and keeps those that
 * wait because one of their aggregate failed. Each event is remembered once, as handled or as kept.
 */
export class Inbox {
  readonly #database: Transactional;
  readonly #consumer: string;

  constructor(database: Transactional, consumer: string) {
    this.#database = database;
    this.#consumer = consumer;
  }

  /**
   * Runs work in a transaction that also remembers the event; does nothing if the event was handled or
   * kept before, or if an earlier one of its aggregate is kept. Two at once, as in a rebalance: the
   * second waits for the first.
   */
  async once(
    { id, topic, key }: InboxEvent,
    work: (transaction: Transaction) => Promise<void>,
  ): Promise<Taken> {
    return this.#database.transaction(async (transaction) => {
      const added = await transaction.query({
        name: 'inbox_add',
        text: `INSERT INTO inbox (consumer, event_id) SELECT $1::text, $2::text
               WHERE NOT EXISTS (
                 SELECT FROM held_events WHERE consumer = $1::text AND topic = $3 AND key = $4)
               ON CONFLICT DO NOTHING RETURNING 1`,
        values: [this.#consumer, id, topic, key],
      });
      if (added.length > 0) {
        await work(transaction);
        return 'handled';
      }
      const known = await transaction.query({
        name: 'inbox_find',
        text: 'SELECT 1 FROM inbox WHERE consumer = $1 AND event_id = $2',
        values: [this.#consumer, id],
      });
      return known.length > 0 ? 'repeated' : 'blocked';
    });
  }

  /** Keeps an event that failed: nothing of its aggregate is handled until it has been. */
  async block(topic: string, key: Buffer, event: HeldEvent): Promise<void> {
    await this.#hold(this.#aggregate(topic, key), event, { behind: false });
  }

  /**
   * Keeps an event behind one of its aggregate that is kept, and gives the id of the first; undefined,
   * and nothing is kept, if none is in the way any more.
   */
  async holdBack(topic: string, key: Buffer, event: HeldEvent): Promise<string | undefined> {
    return await this.#hold(this.#aggregate(topic, key), event, { behind: true });
  }

  /** The event of an aggregate that is to be released next; undefined if nothing of it is kept. */
  async nextHeld(topic: string, key: Buffer): Promise<HeldEvent | undefined> {
    return await firstHeld(this.#database, this.#aggregate(topic, key));
  }

  /**
   * Runs work in a transaction that also lets the event go; does nothing if it is not the first of its
   * aggregate any more.
   */
  async release(
    topic: string,
    key: Buffer,
    eventId: string,
    work: (transaction: Transaction) => Promise<void>,
  ): Promise<void> {
    const aggregate = this.#aggregate(topic, key);
    await this.#database.transaction(async (transaction) => {
      await lockAggregate(transaction, aggregate);
      const first = await firstHeld(transaction, aggregate);
      if (first?.eventId !== eventId) return;
      await work(transaction);
      await removeHeld(transaction, aggregate, eventId);
    });
  }

  /**
   * Lets an event go without its effect, if it is the first of its aggregate that is kept; it is kept with the
   * reason then, where it is in nobody's way.
   */
  async drop(topic: string, key: Buffer, eventId: string, reason: string): Promise<Dropped> {
    const aggregate = this.#aggregate(topic, key);
    return await this.#database.transaction(async (transaction) => {
      await lockAggregate(transaction, aggregate);
      const first = await firstHeld(transaction, aggregate);
      if (first?.eventId === eventId) {
        await dropHeld(transaction, aggregate, eventId, reason);
        return 'dropped';
      }
      const waits = await isHeld(transaction, aggregate, eventId);
      return waits ? 'behind another' : 'not kept';
    });
  }

  async #hold(
    aggregate: Aggregate,
    event: HeldEvent,
    { behind }: { readonly behind: boolean },
  ): Promise<string | undefined> {
    return await this.#database.transaction(async (transaction) => {
      await lockAggregate(transaction, aggregate);
      const first = await firstHeld(transaction, aggregate);
      if (behind && first === undefined) return undefined;
      const added = await transaction.query({
        name: 'inbox_keep',
        text: `INSERT INTO inbox (consumer, event_id) VALUES ($1, $2)
               ON CONFLICT DO NOTHING RETURNING 1`,
        values: [this.#consumer, event.eventId],
      });
      // Another replica has handled or kept it meanwhile.
      if (added.length > 0) await addHeld(transaction, aggregate, event);
      return first?.eventId ?? event.eventId;
    });
  }

  #aggregate(topic: string, key: Buffer): Aggregate {
    return { consumer: this.#consumer, topic, key };
  }

  /** Forgets some of the events that were handled long ago. */
  async sweep(): Promise<void> {
    await this.#database.query({
      name: 'inbox_sweep',
      text: `DELETE FROM inbox WHERE ctid IN (
               SELECT ctid FROM inbox
               WHERE handled_at < now() - interval '${INBOX_RETENTION_DAYS} days' LIMIT $1)`,
      values: [SWEEP_LIMIT],
    });
  }
}

/** Opens the inbox of the service in a database that has its table; old entries are deleted. */
export function openInbox(runtime: Runtime, database: Transactional): Inbox {
  const inbox = new Inbox(database, runtime.configuration.service);
  const timer = setInterval(() => {
    inbox.sweep().catch((err: unknown) => {
      runtime.log.warn({ err }, 'old inbox entries were not deleted; trying again later');
    });
  }, SWEEP_INTERVAL_MS).unref();
  runtime.onRelease('inbox', () => clearInterval(timer));
  return inbox;
}
