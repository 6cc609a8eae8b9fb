import type { CauseName, Phase } from './phases.ts';
import type { EffectName } from './state.ts';

/** What can become known about an order. */
export type Fact =
  | 'stock reserved'
  | 'stock short'
  | 'reservation gone'
  | 'stock sold'
  | 'stock not sold'
  | 'stock freed'
  | 'payment authorized'
  | 'payment declined'
  | 'payment captured'
  | 'capture refused'
  | 'payment freed'
  | 'void refused'
  | 'money returned'
  | 'refund refused'
  | 'order confirmed'
  | 'time is up'
  | 'cancel asked'
  | 'pay asked'
  | 'refund asked';

/** What the saga does about a fact: a row of the table of states. */
export interface Transition {
  readonly in: Phase;
  readonly on: Fact;
  readonly to: Phase;
  /** Effects that it asks for, in this order. A refund of nothing is not asked for. */
  readonly asks: readonly EffectName[];
  /** Open effects whose answers mean nothing from now on. */
  readonly drops: readonly EffectName[];
  /** Why the order is cancelled; `given` is what the message says. */
  readonly cause?: CauseName | 'given';
  /** Set where two things race for the order: which, and why this is right whoever wins. */
  readonly race?: string;
}

/** A row; without more said it asks for nothing and drops nothing. */
function row(
  phase: Phase,
  on: Fact,
  to: Phase,
  more: Partial<Omit<Transition, 'in' | 'on' | 'to'>> = {},
): Transition {
  return { in: phase, on, to, asks: [], drops: [], ...more };
}

/**
 * The table of states. What is not in it cannot happen, unless another service breaks its contract; then
 * nothing changes, and the service says so in its log. In `cancelling` an order becomes `cancelled` with
 * the fact that leaves no effect open.
 */
export const TRANSITIONS: readonly Transition[] = [
  // The way of a purchase.
  row('reserving', 'stock reserved', 'authorizing', {
    asks: ['AUTHORIZE_PAYMENT', 'AWAIT_EXPIRY'],
  }),
  row('authorizing', 'payment authorized', 'committing', {
    asks: ['COMMIT_RESERVATION'],
    race: 'The webhook of the provider and its answer: both bring the same payment, and a version of it that was seen is old when it comes again.',
  }),
  row('committing', 'stock sold', 'capturing', {
    asks: ['CAPTURE_PAYMENT'],
    drops: ['AWAIT_EXPIRY'],
    race: 'Commit and expiry, won by the commit: what is sold expires no more.',
  }),
  row('capturing', 'payment captured', 'confirming', { asks: ['CONFIRM'] }),
  row('confirming', 'order confirmed', 'confirmed'),

  // What stock can refuse.
  row('reserving', 'stock short', 'cancelling', {
    asks: ['RELEASE_RESERVATION'],
    cause: 'given',
    race: 'Two sendings of one request: the first may still reserve after the second found too little; the release makes it come too late.',
  }),
  row('reserving', 'reservation gone', 'cancelling', {
    cause: 'RESERVATION_EXPIRED',
    race: 'An answer that was lost and the expiry: asked again after more than 15 minutes, the reservation is over.',
  }),
  row('committing', 'stock not sold', 'cancelling', {
    asks: ['VOID_PAYMENT'],
    drops: ['AWAIT_EXPIRY'],
    cause: 'RESERVATION_EXPIRED',
    race: 'Commit and expiry, won by the expiry: nothing was sold, so the payment is voided.',
  }),
  row('committing', 'time is up', 'committing', {
    race: 'Commit and expiry: catalog alone decides, and its answer to the commit says how.',
  }),

  // What the provider can refuse.
  row('authorizing', 'payment declined', 'declined'),
  row('declined', 'pay asked', 'authorizing', {
    asks: ['AUTHORIZE_PAYMENT'],
    race: 'Another means of payment and the expiry, won by the means of payment: if it is authorised too late, the commit is refused and the payment voided.',
  }),
  row('declined', 'time is up', 'cancelling', {
    asks: ['RELEASE_RESERVATION'],
    cause: 'PAYMENT_DECLINED',
    race: 'Another means of payment and the expiry, won by the expiry: PayOrder is refused from then on.',
  }),
  row('authorizing', 'time is up', 'cancelling', {
    asks: ['RELEASE_RESERVATION', 'VOID_PAYMENT'],
    drops: ['AUTHORIZE_PAYMENT'],
    cause: 'RESERVATION_EXPIRED',
    race: 'An authorisation whose outcome is unknown and the expiry: the void frees what was or will be set aside.',
  }),
  row('capturing', 'capture refused', 'cancelling', {
    asks: ['RELEASE_RESERVATION', 'VOID_PAYMENT'],
    cause: 'PAYMENT_DECLINED',
  }),

  // A cancel.
  row('reserving', 'cancel asked', 'cancelling', {
    asks: ['RELEASE_RESERVATION'],
    drops: ['RESERVE_STOCK'],
    cause: 'given',
    race: 'A cancel and the reservation: one that comes after its release reserves nothing.',
  }),
  row('authorizing', 'cancel asked', 'cancelling', {
    asks: ['RELEASE_RESERVATION', 'VOID_PAYMENT'],
    drops: ['AUTHORIZE_PAYMENT', 'AWAIT_EXPIRY'],
    cause: 'given',
    race: 'A cancel and an authorisation, also one whose outcome is unknown: the void frees what was or will be set aside.',
  }),
  row('declined', 'cancel asked', 'cancelling', {
    asks: ['RELEASE_RESERVATION'],
    drops: ['AWAIT_EXPIRY'],
    cause: 'given',
    race: 'A cancel and another means of payment, won by the cancel: PayOrder is refused from then on.',
  }),
  row('committing', 'cancel asked', 'cancelling', {
    asks: ['RELEASE_RESERVATION', 'VOID_PAYMENT'],
    drops: ['COMMIT_RESERVATION', 'AWAIT_EXPIRY'],
    cause: 'given',
    race: 'A cancel and the commit: the release takes back what the commit sold, or makes it come too late.',
  }),
  row('capturing', 'cancel asked', 'cancelling', {
    asks: ['RELEASE_RESERVATION'],
    cause: 'given',
    race: 'A cancel and the capture: whether to void or to refund is known with the answer to the capture, which stays asked.',
  }),
  row('confirming', 'cancel asked', 'cancelling', {
    asks: ['RELEASE_RESERVATION', 'REFUND_PAYMENT'],
    drops: ['CONFIRM'],
    cause: 'given',
    race: 'A cancel and the confirmation, won by the cancel.',
  }),
  row('confirmed', 'cancel asked', 'cancelling', {
    asks: ['RELEASE_RESERVATION', 'REFUND_PAYMENT'],
    cause: 'given',
    race: 'A cancel and a refund: the cancel gives back what neither was given back nor is about to be.',
  }),
  row('cancelling', 'cancel asked', 'cancelling', {
    race: 'Two cancels: the second changes nothing.',
  }),
  row('cancelled', 'cancel asked', 'cancelled'),

  // What is undone.
  row('cancelling', 'stock freed', 'cancelling'),
  row('cancelling', 'payment freed', 'cancelling'),
  row('cancelling', 'payment captured', 'cancelling', {
    asks: ['REFUND_PAYMENT'],
    race: 'A cancel and the capture, won by the capture: it is refunded.',
  }),
  row('cancelling', 'capture refused', 'cancelling', {
    asks: ['VOID_PAYMENT'],
    race: 'A cancel and the capture, which is refused: the payment is voided.',
  }),
  row('cancelling', 'void refused', 'cancelling', { asks: ['VOID_PAYMENT'] }),
  row('cancelling', 'money returned', 'cancelling'),
  row('cancelling', 'refund refused', 'cancelling', {
    asks: ['REFUND_PAYMENT'],
    race: 'A refund that is refused and the cancel: what is left is asked for again, later each time and under a new key, since the answer to the old one is known.',
  }),

  // Refunds of an order that stands.
  row('confirmed', 'refund asked', 'confirmed', {
    asks: ['REFUND_PAYMENT'],
    race: 'Two refunds: what one has asked for is not there for the other.',
  }),
  row('confirmed', 'money returned', 'confirmed'),
  row('confirmed', 'refund refused', 'confirmed'),
];

const BY_PLACE = new Map(TRANSITIONS.map((each) => [`${each.in}/${each.on}`, each]));

/** The row for a fact in a phase; undefined if there is none. */
export function transitionOf(phase: Phase, fact: Fact): Transition | undefined {
  return BY_PLACE.get(`${phase}/${fact}`);
}
