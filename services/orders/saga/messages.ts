import type { Fact } from './transitions.ts';
import type { CauseName } from './phases.ts';

/** What of a payment the saga looks at, in its own words. */
export interface PaymentView {
  readonly version: bigint;
  readonly status:
    'PENDING' | 'AUTHORIZED' | 'CAPTURED' | 'REFUNDED' | 'DECLINED' | 'VOIDED' | 'UNKNOWN';
  readonly amountMinorUnits: bigint;
  readonly refundedMinorUnits: bigint;
  readonly operations: readonly PaymentOperationView[];
}

/** An operation of a payment, by the key of the effect that asked for it. */
export interface PaymentOperationView {
  readonly key: string;
  readonly status: 'PENDING' | 'SUCCEEDED' | 'REFUSED' | 'UNKNOWN';
  readonly declineCode: string;
}

/** What catalog answered, or what a definite refusal of a step comes to. */
export type Answer =
  | { readonly fact: 'stock reserved'; readonly expireTimeMs: number }
  | { readonly fact: 'stock short'; readonly cause: CauseName }
  | {
      readonly fact: Extract<
        Fact,
        | 'reservation gone'
        | 'stock sold'
        | 'stock not sold'
        | 'stock freed'
        | 'payment freed'
        | 'order confirmed'
        | 'time is up'
        | 'capture refused'
        | 'void refused'
      >;
    }
  | { readonly fact: 'payment declined' | 'refund refused'; readonly declineCode: string };

/** What the saga is told. Each may come twice, late, and in any order. */
export type Message =
  /** The answer to an effect of the order itself or of catalog's. */
  | {
      readonly kind: 'answer';
      readonly sequence: number;
      readonly answer: Answer;
      /** As it is kept beside the effect. */
      readonly outcome: string;
    }
  /** A payment as it is now: payments' answer to an effect and its event say the same. */
  | { readonly kind: 'payment'; readonly payment: PaymentView }
  | { readonly kind: 'cancel'; readonly cause: Extract<CauseName, 'CUSTOMER' | 'SUPPORT'> }
  /** Another means of payment is there. */
  | { readonly kind: 'pay' }
  | { readonly kind: 'refund'; readonly minorUnits: bigint };
