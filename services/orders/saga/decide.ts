import { answersIn } from './facts.ts';
import type { Message, PaymentView } from './messages.ts';
import { PHASES } from './phases.ts';
import type { CauseName, Phase } from './phases.ts';
import { refundable } from './state.ts';
import type { AskedEffect, EffectName, OpenEffect, Saga, SettledEffect } from './state.ts';
import { transitionOf } from './transitions.ts';
import type { Fact } from './transitions.ts';

/** What a message comes to. */
export interface Decision {
  readonly saga: Saga;
  readonly asked: readonly AskedEffect[];
  readonly settled: readonly SettledEffect[];
  /** Whether the order's customer sees a difference; its version grows then. */
  readonly visible: boolean;
  /** Facts that the table has no row for, such as `payment captured in declined`; never in a sane world. */
  readonly unexpected: readonly string[];
}

/** Why a command cannot be followed. */
export type Refusal =
  | { readonly refused: 'not declined' }
  | { readonly refused: 'not confirmed' }
  | { readonly refused: 'more than is left'; readonly leftMinorUnits: bigint };

const UNDO_AGAIN_FIRST_MS = 60_000;
const UNDO_AGAIN_MAX_MS = 6 * 3_600_000;

/**
 * How long a refund or a void that was refused while an order is cancelled waits before it is asked for
 * again, by how often one was: each adds an operation to the payment, whose events carry them all.
 */
function undoAgainMs(refusals: number): number {
  return Math.min(UNDO_AGAIN_FIRST_MS * 2 ** (refusals - 1), UNDO_AGAIN_MAX_MS);
}

/** The saga of an order that was just placed, and its first effect. */
export function begin(orderId: string, totalMinorUnits: bigint): Decision {
  const first = { sequence: 1, kind: 'RESERVE_STOCK', minorUnits: 0n } as const;
  const saga: Saga = {
    orderId,
    phase: 'reserving',
    totalMinorUnits,
    capturedMinorUnits: 0n,
    refundedMinorUnits: 0n,
    declineCode: '',
    refundDeclineCode: '',
    undoRefusals: 0,
    cancelCause: undefined,
    paymentVersion: 0n,
    lastAttempt: 0,
    lastSequence: 1,
    open: [first],
  };
  const asked = [{ ...first, dueAtMs: undefined, delayMs: 0 }];
  return { saga, asked, settled: [], visible: true, unexpected: [] };
}

/**
 * What the saga does about a message: no clock, no randomness, no input or output, so the same always
 * comes to the same. A message that came before changes nothing.
 */
export function decide(saga: Saga, message: Message): Decision | Refusal {
  const step = new Step(saga);
  switch (message.kind) {
    case 'answer': {
      const { sequence, answer, outcome } = message;
      const effect = saga.open.find((each) => each.sequence === sequence);
      if (effect === undefined) break;
      step.settle(effect, 'DONE', outcome);
      step.learn(answer);
      break;
    }
    case 'payment':
      if (message.payment.version > saga.paymentVersion) step.see(message.payment);
      break;
    case 'cancel':
      step.learn({ fact: 'cancel asked', cause: message.cause });
      break;
    case 'pay':
      if (saga.phase !== 'declined') return { refused: 'not declined' };
      step.learn({ fact: 'pay asked' });
      break;
    case 'refund': {
      if (saga.phase !== 'confirmed') return { refused: 'not confirmed' };
      const leftMinorUnits = refundable(saga);
      if (message.minorUnits > leftMinorUnits)
        return { refused: 'more than is left', leftMinorUnits };
      step.learn({ fact: 'refund asked', minorUnits: message.minorUnits });
      break;
    }
  }
  return step.end();
}

/** A fact, and what comes along with it. */
interface Known {
  readonly fact: Fact;
  readonly cause?: CauseName;
  readonly declineCode?: string;
  readonly expireTimeMs?: number;
  readonly minorUnits?: bigint;
}

const UNDO_REFUSED: ReadonlySet<Fact> = new Set(['refund refused', 'void refused']);

/** One message at work: the state that it finds, and what it makes of it. */
class Step {
  readonly #before: Saga;
  readonly #asked: AskedEffect[] = [];
  readonly #settled: SettledEffect[] = [];
  readonly #unexpected: string[] = [];
  #saga: Saga;

  constructor(saga: Saga) {
    this.#before = saga;
    this.#saga = saga;
  }

  /** Ends an open effect. */
  settle({ sequence, kind }: OpenEffect, status: SettledEffect['status'], outcome: string): void {
    this.#settled.push({ sequence, kind, status, outcome });
    this.#change({ open: this.#saga.open.filter((each) => each.sequence !== sequence) });
  }

  /** Takes a payment over that is newer than the one that was seen. */
  see(payment: PaymentView): void {
    const taken = payment.status === 'CAPTURED' || payment.status === 'REFUNDED';
    const answers = answersIn(this.#saga, payment);
    this.#change({
      paymentVersion: payment.version,
      capturedMinorUnits: taken ? payment.amountMinorUnits : this.#saga.capturedMinorUnits,
      refundedMinorUnits: payment.refundedMinorUnits,
    });
    // All of them first: what one leaves to be refunded depends on the others.
    for (const { effect, outcome } of answers) this.settle(effect, 'DONE', outcome);
    for (const answer of answers) this.learn(answer);
  }

  /** Goes on by the row of the table for a fact. */
  learn(known: Known): void {
    const { fact } = known;
    const { phase } = this.#saga;
    const transition = transitionOf(phase, fact);
    if (transition === undefined) {
      this.#unexpected.push(`${fact} in ${phase}`);
      return;
    }
    for (const effect of this.#saga.open) {
      if (transition.drops.includes(effect.kind)) this.settle(effect, 'DROPPED', '');
    }
    const { cause } = transition;
    const undoRefused = phase === 'cancelling' && UNDO_REFUSED.has(fact);
    this.#change({
      phase: transition.to,
      refundDeclineCode: refundDeclineCodeAfter(known, this.#saga),
      undoRefusals: this.#saga.undoRefusals + (undoRefused ? 1 : 0),
      declineCode: declineCodeIn(transition.to, known, this.#saga),
      ...(cause === undefined ? {} : { cancelCause: cause === 'given' ? known.cause : cause }),
    });
    for (const kind of transition.asks) this.#ask(kind, known);
  }

  end(): Decision {
    if (this.#saga.phase === 'cancelling' && this.#saga.open.length === 0) {
      this.#change({ phase: 'cancelled' });
    }
    return {
      saga: this.#saga,
      asked: this.#asked,
      settled: this.#settled,
      visible: differs(this.#before, this.#saga),
      unexpected: this.#unexpected,
    };
  }

  #ask(kind: EffectName, { fact, minorUnits, expireTimeMs }: Known): void {
    const refund = kind === 'REFUND_PAYMENT' ? (minorUnits ?? refundable(this.#saga)) : 0n;
    if (kind === 'REFUND_PAYMENT' && refund === 0n) return;
    const sequence = this.#saga.lastSequence + 1;
    const effect: OpenEffect = { sequence, kind, minorUnits: refund };
    this.#asked.push({
      ...effect,
      dueAtMs: kind === 'AWAIT_EXPIRY' ? expireTimeMs : undefined,
      delayMs: UNDO_REFUSED.has(fact) ? undoAgainMs(this.#saga.undoRefusals) : 0,
    });
    this.#change({
      lastSequence: sequence,
      open: [...this.#saga.open, effect],
      ...(kind === 'AUTHORIZE_PAYMENT' ? { lastAttempt: sequence } : {}),
    });
  }

  #change(changes: Partial<Saga>): void {
    this.#saga = { ...this.#saga, ...changes };
  }
}

/** The last decline's code, as long as the order is declined or about to end for that reason. */
function declineCodeIn(to: Phase, { fact, declineCode }: Known, saga: Saga): string {
  if (fact === 'refund refused') return saga.declineCode;
  return to === 'authorizing' ? '' : (declineCode ?? saga.declineCode);
}

/** The last refused refund's code, until another one is asked for or money came back. */
function refundDeclineCodeAfter({ fact, declineCode }: Known, saga: Saga): string {
  if (fact === 'refund refused') return declineCode ?? '';
  return fact === 'refund asked' || fact === 'money returned' ? '' : saga.refundDeclineCode;
}

/** Whether a customer sees another order. */
function differs(before: Saga, after: Saga): boolean {
  return (
    PHASES[before.phase].status !== PHASES[after.phase].status ||
    before.refundedMinorUnits !== after.refundedMinorUnits ||
    before.declineCode !== after.declineCode ||
    before.refundDeclineCode !== after.refundDeclineCode ||
    before.cancelCause !== after.cancelCause
  );
}
