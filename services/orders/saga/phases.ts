import type { CancelCause, OrderStatus } from '../contract/gen/meridian/orders/v1/orders_pb.js';

/** Names of the contract's statuses, without their prefix. */
export type StatusName = Exclude<keyof typeof OrderStatus, 'UNSPECIFIED'>;

/** Names of the contract's causes, without their prefix. */
export type CauseName = Exclude<keyof typeof CancelCause, 'UNSPECIFIED'>;

/** What a phase is. */
interface PhaseProps {
  /** What the order's customer sees of it. */
  readonly status: StatusName;
  /** What the saga waits for. */
  readonly waitsFor: string;
}

/** Where the saga of an order is: finer than the status that its customer sees. */
export const PHASES = {
  reserving: { status: 'PENDING', waitsFor: 'the stock of its lines' },
  authorizing: { status: 'RESERVED', waitsFor: 'an amount to be set aside' },
  declined: { status: 'PAYMENT_DECLINED', waitsFor: 'another means of payment' },
  committing: { status: 'RESERVED', waitsFor: 'the goods to be sold' },
  capturing: { status: 'RESERVED', waitsFor: 'the amount to be taken' },
  confirming: { status: 'PAID', waitsFor: 'the last look at it' },
  confirmed: { status: 'CONFIRMED', waitsFor: 'nothing' },
  cancelling: { status: 'CANCELLING', waitsFor: 'everything to be undone' },
  cancelled: { status: 'CANCELLED', waitsFor: 'nothing' },
} as const satisfies Readonly<Record<string, PhaseProps>>;

/** One of PHASES. */
export type Phase = keyof typeof PHASES;

export const PHASE_NAMES = Object.keys(PHASES) as readonly Phase[];

/** An order that should go on by itself, and has not for so long, is stuck: a saga takes less. */
export const STUCK_MS = 300_000;

/** The phases in which the token of a means of payment is still needed; in all others it is gone. */
export const PHASES_WITH_TOKEN: ReadonlySet<Phase> = new Set(['reserving', 'authorizing']);
