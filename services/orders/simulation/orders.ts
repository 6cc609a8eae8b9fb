import {
  ReservationStatus,
  ShortageReason,
} from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import type { StockAnswer } from '@meridian/catalog/stock-model.ts';
import type { PaymentMessage } from '@meridian/payments/payment-machine.ts';
import { begin, decide } from '../saga/decide.ts';
import type { Decision } from '../saga/decide.ts';
import type { Answer, Message, PaymentView } from '../saga/messages.ts';
import { PHASES } from '../saga/phases.ts';
import { effectKey } from '../saga/state.ts';
import type { OpenEffect, Saga } from '../saga/state.ts';
import type { Peers } from './peers.ts';
import type { World } from './world.ts';

const LEASE_MS = 10_000;
const POLL_MS = 1_000;
const REPLICAS = 2;

/** An order in the database. */
export interface Row {
  saga: Saga;
  version: number;
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
  /** When each open effect is due, by sequence. */
  readonly dueAtMs: Map<number, number>;
  /** The status of each version that was committed. */
  readonly history: string[];
}

/** A process of the service; a crash makes it another, to which no answer of before comes. */
interface Replica {
  life: number;
}

/** Orders as the service has them: a database with transactions, and replicas that crash. */
export class Orders {
  readonly #world: World;
  readonly #peers: Peers;
  readonly rows = new Map<string, Row>();
  /** What consumers have seen: the statuses by order and version. */
  readonly published = new Map<string, Map<number, string>>();
  readonly #replicas: readonly Replica[] = Array.from({ length: REPLICAS }, () => ({ life: 0 }));
  /** How much the database's clock is ahead. */
  clockMs = 0;

  constructor(world: World, peers: Peers) {
    this.#world = world;
    this.#peers = peers;
    peers.published = (orderId, payment) => this.#hear(orderId, payment);
    for (const replica of this.#replicas) this.#poll(replica);
  }

  place(orderId: string, totalMinorUnits: bigint, lines: Row['lines']): void {
    const decision = begin(orderId, totalMinorUnits);
    const row: Row = {
      ...{ saga: decision.saga, version: 0, lines },
      ...{ dueAtMs: new Map<number, number>(), history: [] },
    };
    this.rows.set(orderId, row);
    this.#commit(row, decision);
  }

  /** A request of a customer's or of support's. */
  ask(orderId: string, message: Message): void {
    this.#apply(this.#world.random.pick(...this.#pair()), orderId, message);
  }

  /** Kills a replica. */
  crash(replica = this.#world.random.pick(...this.#pair())): void {
    replica.life += 1;
    this.#world.note(() => 'a replica crashes');
  }

  #pair(): readonly [Replica, ...Replica[]] {
    const [first = { life: 0 }, ...others] = this.#replicas;
    return [first, ...others];
  }

  get #nowMs(): number {
    return this.#world.nowMs + this.clockMs;
  }

  /** One transaction; false if it did not commit. */
  #apply(replica: Replica, orderId: string, given: Message): boolean {
    const { random, bug, hasTrouble } = this.#world;
    const row = this.rows.get(orderId);
    if (row === undefined) throw new Error(`There is no order ${orderId}`);
    const message =
      bug === 'the inbox check lost' && given.kind === 'payment'
        ? { ...given, payment: { ...given.payment, version: row.saga.paymentVersion + 1n } }
        : given;
    const decision = decide(row.saga, message);
    if ('refused' in decision) return true;
    if (bug === 'publish before commit') this.#publish(row, decision);
    if (hasTrouble && random.chance(3)) {
      this.crash(replica);
      return false;
    }
    this.#world.note(
      () => `${orderId} ${text(message)}: ${row.saga.phase} → ${decision.saga.phase}`,
    );
    this.#commit(row, decision);
    if (hasTrouble && random.chance(3)) this.crash(replica);
    return true;
  }

  #commit(row: Row, decision: Decision): void {
    for (const fact of decision.unexpected) {
      this.#world.violate(`${row.saga.orderId}: unexpected ${fact}`);
    }
    if (this.#world.bug !== 'publish before commit') this.#publish(row, decision);
    row.saga = decision.saga;
    if (decision.visible) {
      row.version += 1;
      row.history.push(PHASES[decision.saga.phase].status);
    }
    for (const { sequence } of decision.settled) row.dueAtMs.delete(sequence);
    for (const { sequence, dueAtMs, delayMs } of decision.asked) {
      row.dueAtMs.set(sequence, (dueAtMs ?? this.#nowMs) + delayMs);
    }
  }

  #publish({ saga, version }: Row, decision: Decision): void {
    if (!decision.visible) return;
    const seen = this.published.get(saga.orderId) ?? new Map<number, string>();
    this.published.set(saga.orderId, seen);
    const status = PHASES[decision.saga.phase].status;
    const before = seen.get(version + 1);
    if (before !== undefined && before !== status) {
      this.#world.violate(
        `${saga.orderId}: version ${version + 1} was told as ${before}, ${status}`,
      );
    }
    seen.set(version + 1, status);
  }

  /** An event of payments: late, in any order, sometimes twice, never lost. */
  #hear(orderId: string, payment: PaymentView): void {
    const { random, schedule, hasTrouble } = this.#world;
    const deliver = (): void => {
      const done = this.#apply(random.pick(...this.#pair()), orderId, { kind: 'payment', payment });
      if (!done) schedule.plan(random.integer(100, 5_000), deliver);
    };
    const longestMs = hasTrouble && random.chance(20) ? 600_000 : 500;
    schedule.plan(random.integer(1, longestMs), deliver);
    if (hasTrouble && random.chance(20)) schedule.plan(random.integer(1, 3_600_000), deliver);
  }

  #poll(replica: Replica): void {
    const { random, schedule } = this.#world;
    for (const row of this.rows.values()) {
      for (const effect of row.saga.open) {
        if ((row.dueAtMs.get(effect.sequence) ?? Infinity) > this.#nowMs) continue;
        row.dueAtMs.set(effect.sequence, this.#nowMs + LEASE_MS);
        this.#send(replica, row, effect);
      }
    }
    // Once nothing is due any more, looking seldom finds the same.
    schedule.plan(this.#world.hasTrouble ? POLL_MS + random.integer(0, 200) : 20_000, () =>
      this.#poll(replica),
    );
  }

  #send(replica: Replica, row: Row, effect: OpenEffect): void {
    const { life } = replica;
    const { orderId } = row.saga;
    const tell = (message: Message | undefined): void => {
      if (message === undefined) return;
      this.#world.carry(() => {
        if (replica.life === life) this.#apply(replica, orderId, message);
      });
    };
    const { bug } = this.#world;
    const skipped = effect.kind === 'RELEASE_RESERVATION' || effect.kind === 'VOID_PAYMENT';
    if (bug === 'a compensation skipped' && skipped) {
      const fact = effect.kind === 'VOID_PAYMENT' ? 'payment freed' : 'stock freed';
      tell(answered(effect, { fact }));
      return;
    }
    if (bug === 'wrong order' && effect.kind === 'COMMIT_RESERVATION') {
      const key = effectKey(orderId, effect.sequence + 1);
      this.#world.carry(() => void this.#peers.pay(orderId, { type: 'capture', key }));
    }
    this.#world.carry(() => tell(this.#ask(row, effect)));
  }

  /** What a peer answers; undefined for nothing that is known yet. */
  #ask({ saga, lines }: Row, effect: OpenEffect): Message | undefined {
    const { orderId: reservationId } = saga;
    switch (effect.kind) {
      case 'RESERVE_STOCK':
        return answered(
          effect,
          reserved(this.#peers.catalog({ method: 'reserveStock', reservationId, lines })),
        );
      case 'COMMIT_RESERVATION':
        this.#peers.catalog({ method: 'commitReservation', reservationId });
        return answered(effect, {
          fact:
            this.#peers.reservation(reservationId) === ReservationStatus.COMMITTED
              ? 'stock sold'
              : 'stock not sold',
        });
      case 'RELEASE_RESERVATION':
        this.#peers.catalog({ method: 'releaseReservation', reservationId });
        return answered(effect, { fact: 'stock freed' });
      case 'CONFIRM':
        return answered(effect, { fact: 'order confirmed' });
      case 'AWAIT_EXPIRY':
        return answered(effect, { fact: 'time is up' });
      default:
        return this.#pay(saga, effect);
    }
  }

  #pay({ orderId, totalMinorUnits }: Saga, effect: OpenEffect): Message | undefined {
    const key = effectKey(orderId, effect.sequence);
    const payment = this.#peers.pay(orderId, asked(effect, key, totalMinorUnits));
    if (payment !== undefined) return { kind: 'payment', payment };
    return effect.kind === 'VOID_PAYMENT' ? answered(effect, { fact: 'payment freed' }) : undefined;
  }
}

function asked(
  { kind, minorUnits, sequence }: OpenEffect,
  key: string,
  total: bigint,
): PaymentMessage {
  switch (kind) {
    case 'AUTHORIZE_PAYMENT':
      return {
        ...{ type: 'authorize', key, source: `token ${sequence}` },
        amount: { currency: 'EUR', minorUnits: total },
      };
    case 'REFUND_PAYMENT':
      return { type: 'refund', key, amount: { currency: 'EUR', minorUnits } };
    case 'VOID_PAYMENT':
      return { type: 'void', key };
    default:
      return { type: 'capture', key };
  }
}

function reserved(answer: StockAnswer): Answer {
  if (answer.kind === 'shortages') {
    const gone = answer.shortages.some(({ reason }) => reason !== ShortageReason.OUT_OF_STOCK);
    return { fact: 'stock short', cause: gone ? 'DISCONTINUED' : 'OUT_OF_STOCK' };
  }
  const reservation = answer.kind === 'reservation' ? answer.reservation : undefined;
  return reservation?.status === ReservationStatus.ACTIVE
    ? { fact: 'stock reserved', expireTimeMs: reservation.expireTimeMs }
    : { fact: 'reservation gone' };
}

function answered({ sequence }: OpenEffect, answer: Answer): Message {
  return { kind: 'answer', sequence, answer, outcome: answer.fact };
}

function text(message: Message): string {
  if (message.kind === 'answer') return message.answer.fact;
  if (message.kind !== 'payment') return message.kind;
  return `payment v${message.payment.version} ${message.payment.status}`;
}
