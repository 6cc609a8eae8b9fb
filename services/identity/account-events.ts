import type { MessageInitShape } from '@bufbuild/protobuf';
import { domainEvent } from '@meridian/kit/events/domain-event.ts';
import type { DomainEvent } from '@meridian/kit/events/domain-event.ts';
import type { Outbox } from '@meridian/kit/events/outbox.ts';
import type { Transaction } from '@meridian/kit/postgres/database.ts';
import type { EventOf } from '@meridian/language/topic.ts';
import { identityEvents } from './topics.ts';

/** A message for each type of event; all of them say which version of which account they are. */
type EventSchema = EventOf<typeof identityEvents>;

/** Which event of which account. */
interface Place {
  readonly accountId: string;
  readonly version: bigint;
}

/** Something that happened to an account, to be given its place among the account's events. */
export type AccountEvent = (place: Place) => DomainEvent<EventSchema>;

/** An event with everything but its place. */
export function accountEvent<Schema extends EventSchema>(
  schema: Schema,
  what: Omit<MessageInitShape<Schema>, keyof Place>,
): AccountEvent {
  return ({ accountId, version }) =>
    domainEvent(schema, { ...what, accountId, version } as MessageInitShape<Schema>, {
      key: accountId,
      version,
    });
}

/** Leaves the events of accounts in the outbox, each with the account's next version. */
export class AccountEvents {
  readonly #outbox: Outbox<typeof identityEvents>;

  constructor(outbox: Outbox<typeof identityEvents>) {
    this.#outbox = outbox;
  }

  /**
   * Adds events of an account, which must be there, in the transaction of their change. The account's
   * row is locked from then on; whoever locks others of its rows locks it first, since two
   * transactions could otherwise wait for each other.
   */
  async add(
    transaction: Transaction,
    accountId: string,
    events: readonly AccountEvent[],
  ): Promise<void> {
    if (events.length === 0) return;
    const [row] = await transaction.query<{ readonly before: string }>({
      name: 'count_account_events',
      text: `
        UPDATE accounts SET version = version + $2 WHERE account_id = $1
        RETURNING version - $2 AS before`,
      values: [accountId, events.length],
    });
    if (row === undefined) throw new Error(`There is no account ${accountId} to tell of`);
    const before = BigInt(row.before);
    const placed = events.map((event, index) =>
      event({ accountId, version: before + BigInt(index + 1) }),
    );
    await this.#outbox.add(transaction, identityEvents, placed);
  }
}
