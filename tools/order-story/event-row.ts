import type { EventLine } from '../events/event-line.ts';
import type { EventRow } from './row.ts';

/** A message as JSON has it, as far as states go. */
interface Told {
  readonly order?: Aggregate;
  readonly payment?: Aggregate;
  readonly reservation?: Aggregate;
  readonly stock?: {
    readonly version?: string;
    readonly onHand?: number;
    readonly reserved?: number;
  };
}

interface Aggregate {
  readonly version?: string;
  readonly status?: string;
  readonly cancelCause?: string;
}

/** What an event tells of a purchase; undefined for a record that is not an event of one. */
export function eventRow(line: EventLine): EventRow | undefined {
  const { id, type, time, source, key, causationId } = line;
  if (id === undefined || type === undefined || time === undefined || source === undefined) {
    return undefined;
  }
  const { order, payment, reservation, stock } = line.data as Told;
  const aggregate = order ?? payment ?? reservation;
  const version = (aggregate ?? stock)?.version;
  if (version === undefined) return undefined;
  return {
    ...{ kind: 'event', id, time, aggregate: key ?? '', version: Number(version) },
    service: source.slice(source.lastIndexOf('/') + 1),
    event: type.slice(type.lastIndexOf('.') + 1),
    state:
      aggregate === undefined
        ? `${stock?.onHand ?? 0} on hand, ${stock?.reserved ?? 0} reserved`
        : stateOf(aggregate),
    ...(causationId === undefined ? {} : { causationId }),
  };
}

function stateOf({ status = '', cancelCause = '' }: Aggregate): string {
  const cause = shortened(cancelCause, 'CANCEL_CAUSE_');
  const state = ['ORDER_STATUS_', 'PAYMENT_STATUS_', 'RESERVATION_STATUS_'].reduce(
    shortened,
    status,
  );
  return cause === '' ? state : `${state} (${cause})`;
}

function shortened(value: string, prefix: string): string {
  return value.startsWith(prefix) ? value.slice(prefix.length) : value;
}
