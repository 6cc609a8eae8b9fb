import type { Transaction, Transactional } from '../postgres/database.ts';
import type { Runtime } from '../runtime.ts';

/** How long handled events are remembered: longer than a topic keeps them, 7 days by default. */
export const INBOX_RETENTION_DAYS = 30;

const SWEEP_INTERVAL_MS = 600_000;
const SWEEP_LIMIT = 10_000;

/** Remembers which events a consumer has handled, in the database of their effects. */
export class Inbox {
  readonly #database: Transactional;
  readonly #consumer: string;

  constructor(database: Transactional, consumer: string) {
    this.#database = database;
    this.#consumer = consumer;
  }

  /**
   * Runs work in a transaction that also remembers the event; does nothing and gives false if the
   * event was handled before. Two at once, as in a rebalance: the second waits for the first.
   */
  async once(eventId: string, work: (transaction: Transaction) => Promise<void>): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const added = await transaction.query({
        name: 'inbox_add',
        text: `INSERT INTO inbox (consumer, event_id) VALUES ($1, $2)
               ON CONFLICT DO NOTHING RETURNING 1`,
        values: [this.#consumer, eventId],
      });
      if (added.length === 0) return false;
      await work(transaction);
      return true;
    });
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
