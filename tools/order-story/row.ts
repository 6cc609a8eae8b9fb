/** Something that happened to a purchase: a state that an event tells, or an effect of the saga. */
export type Row = EventRow | EffectRow;

interface Happening {
  /** RFC 3339; of an effect, when it was decided. */
  readonly time: string;
  /** The service that did it. */
  readonly service: string;
}

/** A new state of something that belongs to the order. */
export interface EventRow extends Happening {
  readonly kind: 'event';
  readonly id: string;
  /** The message's name without its package, such as `OrderChanged`. */
  readonly event: string;
  /** Key of the aggregate. */
  readonly aggregate: string;
  readonly version: number;
  /** What it is now, such as `RESERVED`. */
  readonly state: string;
  readonly causationId?: string;
  /** Absent where the audit trail does not have it yet, or does not answer. */
  readonly proof?: Proof;
}

/** What became of the proof that an event is in the audit trail. */
export interface Proof {
  /** Its index in the log. */
  readonly entry: number;
  /** Size of the published tree that it is proven to be in; absent with a `problem`. */
  readonly treeSize?: number;
  /** Why nothing is proven. */
  readonly problem?: string;
}

/** Something that the saga asked of a service. */
export interface EffectRow extends Happening {
  readonly kind: 'effect';
  readonly sequence: number;
  /** Such as `RESERVE_STOCK`. */
  readonly effect: string;
  readonly status: 'DUE' | 'DONE' | 'DROPPED';
  readonly idempotencyKey: string;
  readonly attempts: number;
  /** The version of the order that decided it. */
  readonly orderVersion: number;
  /** When the answer was known. */
  readonly doneTime?: string;
  readonly outcome: string;
}
