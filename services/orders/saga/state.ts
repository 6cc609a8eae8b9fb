import type { EffectKind } from '../contract/gen/meridian/orders/v1/orders_pb.js';
import type { CauseName, Phase } from './phases.ts';

/** Names of the contract's kinds of effects, without their prefix. */
export type EffectName = Exclude<keyof typeof EffectKind, 'UNSPECIFIED'>;

/** What was asked of another service and has no known answer yet. */
export interface OpenEffect {
  /** Grows by one within the order, starting at 1. */
  readonly sequence: number;
  readonly kind: EffectName;
  /** Of a refund; 0 for every other kind. */
  readonly minorUnits: bigint;
}

/** All that the saga of an order decides by. */
export interface Saga {
  readonly orderId: string;
  readonly phase: Phase;
  readonly totalMinorUnits: bigint;
  /** What the payment is known to have taken. */
  readonly capturedMinorUnits: bigint;
  /** What the payment is known to have given back. */
  readonly refundedMinorUnits: bigint;
  /** Why the last attempt to pay was refused, in the provider's code; empty otherwise. */
  readonly declineCode: string;
  /** Why the newest refund was refused, in the provider's code; empty otherwise. */
  readonly refundDeclineCode: string;
  /** How often a refund or a void was refused while it is cancelled. */
  readonly undoRefusals: number;
  /** Set once it is being cancelled. */
  readonly cancelCause: CauseName | undefined;
  /** The newest version of the payment that was seen; 0 before the first. */
  readonly paymentVersion: bigint;
  /** Sequence of the newest AUTHORIZE_PAYMENT; 0 before the first. */
  readonly lastAttempt: number;
  /** Sequence of the newest effect. */
  readonly lastSequence: number;
  readonly open: readonly OpenEffect[];
}

/** An effect that a decision adds. */
export interface AskedEffect extends OpenEffect {
  /** When it is due; at once if absent. Milliseconds since the epoch. */
  readonly dueAtMs: number | undefined;
  /** How long it is to wait beyond that. */
  readonly delayMs: number;
}

/** An effect that a decision ends. */
export interface SettledEffect {
  readonly sequence: number;
  readonly kind: EffectName;
  /** DROPPED for one whose answer means nothing any more. */
  readonly status: 'DONE' | 'DROPPED';
  readonly outcome: string;
}

/** The key under which an effect is asked, however often. */
export function effectKey(orderId: string, sequence: number): string {
  return `${orderId}/${sequence}`;
}

/** What was taken and neither given back nor about to be. */
export function refundable(saga: Saga): bigint {
  const underWay = saga.open
    .filter(({ kind }) => kind === 'REFUND_PAYMENT')
    .reduce((sum, { minorUnits }) => sum + minorUnits, 0n);
  return saga.capturedMinorUnits - saga.refundedMinorUnits - underWay;
}
