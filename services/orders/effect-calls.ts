import {
  ReservationStatus,
  ShortageReason,
} from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import type {
  Reservation,
  Shortage,
} from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Clients } from '@meridian/kit/clients.ts';
import type { CallOptions } from '@meridian/kit/rpc/client-types.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { StatusName } from '@meridian/kit/rpc/rpc-error.ts';
import type { Payment } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import type { TakenEffect } from './effect-store.ts';
import { paymentView } from './payment-view.ts';
import type { Answer, Message } from './saga/messages.ts';
import type { EffectName } from './saga/state.ts';
import type { orders } from './service.ts';

/** The services that the saga asks. */
export type Peers = Clients<typeof orders>;

/** How long one call may take; a payment whose provider takes longer is answered as it is then. */
export const EFFECT_CALL_TIMEOUT_MS = 5_000;

/** Statuses that answer a request for good: the same would be refused again. */
const DEFINITE: ReadonlySet<StatusName> = new Set([
  'INVALID_ARGUMENT',
  'FAILED_PRECONDITION',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'OUT_OF_RANGE',
]);

/**
 * What a step that is refused for good comes to; the saga asks again for what gives money back, later and
 * under a new key, and a release is sent again for ever.
 */
const REFUSED: Partial<Record<EffectName, Answer>> = {
  RESERVE_STOCK: { fact: 'stock short', cause: 'OUT_OF_STOCK' },
  COMMIT_RESERVATION: { fact: 'stock not sold' },
  AUTHORIZE_PAYMENT: { fact: 'payment declined', declineCode: 'refused' },
  CAPTURE_PAYMENT: { fact: 'capture refused' },
  VOID_PAYMENT: { fact: 'void refused' },
  REFUND_PAYMENT: { fact: 'refund refused', declineCode: 'refused' },
};

/** Sends an effect once; throws an RpcError if nobody knows what came of it. */
export async function sendEffect(peers: Peers, effect: TakenEffect): Promise<readonly Message[]> {
  try {
    return [await askOnce(peers, effect)];
  } catch (error) {
    if (!(error instanceof RpcError) || !DEFINITE.has(error.status)) throw error;
    const seen = PAYS.has(effect.kind) ? await lookAtPayment(peers, effect) : [];
    const answer = REFUSED[effect.kind];
    if (answer === undefined && seen.length === 0) throw error;
    // The payment first: if it says what became of the effect, that counts, and the rest is old.
    return [...seen, ...(answer === undefined ? [] : [answered(effect, answer, error.status)])];
  }
}

const PAYS: ReadonlySet<EffectName> = new Set([
  'AUTHORIZE_PAYMENT',
  'CAPTURE_PAYMENT',
  'VOID_PAYMENT',
  'REFUND_PAYMENT',
]);

async function askOnce({ catalog, payments }: Peers, effect: TakenEffect): Promise<Message> {
  const { orderId, key: idempotencyKey } = effect;
  const options = optionsOf(effect);
  switch (effect.kind) {
    case 'RESERVE_STOCK': {
      const request = { reservationId: orderId, lines: [...effect.lines] };
      const { reservation, shortages } = await catalog.reserveStock(request, options);
      return reservation === undefined
        ? answered(effect, shortageOf(shortages), 'SHORT')
        : answered(effect, reservedBy(reservation), ReservationStatus[reservation.status]);
    }
    case 'COMMIT_RESERVATION': {
      const { reservation } = await catalog.commitReservation({ reservationId: orderId }, options);
      const status = reservation?.status ?? ReservationStatus.UNSPECIFIED;
      const sold = status === ReservationStatus.COMMITTED;
      const fact = sold ? 'stock sold' : 'stock not sold';
      return answered(effect, { fact }, ReservationStatus[status]);
    }
    case 'RELEASE_RESERVATION': {
      const { reservation } = await catalog.releaseReservation({ reservationId: orderId }, options);
      const status = reservation?.status ?? ReservationStatus.UNSPECIFIED;
      return answered(effect, { fact: 'stock freed' }, ReservationStatus[status]);
    }
    case 'AUTHORIZE_PAYMENT': {
      const amount = { currencyCode: effect.currencyCode, minorUnits: effect.totalMinorUnits };
      const paymentMethodToken = effect.paymentMethodToken ?? '';
      const request = { orderId, amount, paymentMethodToken, idempotencyKey };
      return paid(effect, (await payments.authorizePayment(request, options)).payment);
    }
    case 'CAPTURE_PAYMENT': {
      const request = { orderId, idempotencyKey };
      return paid(effect, (await payments.capturePayment(request, options)).payment);
    }
    case 'REFUND_PAYMENT': {
      const amount = { currencyCode: effect.currencyCode, minorUnits: effect.minorUnits };
      const request = { orderId, amount, idempotencyKey };
      return paid(effect, (await payments.refundPayment(request, options)).payment);
    }
    case 'VOID_PAYMENT': {
      const { payment } = await payments.voidPayment({ orderId, idempotencyKey }, options);
      if (payment !== undefined) return paid(effect, payment);
      return answered(effect, { fact: 'payment freed' }, 'NO_PAYMENT');
    }
    case 'CONFIRM':
      return answered(effect, { fact: 'order confirmed' }, 'CONFIRMED');
    case 'AWAIT_EXPIRY':
      return answered(effect, { fact: 'time is up' }, 'EXPIRED');
  }
}

/** The payment as it is now; nothing if there is none. */
async function lookAtPayment(
  { payments }: Peers,
  effect: TakenEffect,
): Promise<readonly Message[]> {
  try {
    const { payment } = await payments.getPayment({ orderId: effect.orderId }, optionsOf(effect));
    return [paid(effect, payment)];
  } catch (error) {
    if (error instanceof RpcError && error.status === 'NOT_FOUND') return [];
    throw error;
  }
}

function optionsOf({ key }: TakenEffect): CallOptions {
  // The key is also what the peer's events name as their cause.
  return { timeoutMs: EFFECT_CALL_TIMEOUT_MS, idempotencyKey: key };
}

function answered({ sequence }: TakenEffect, answer: Answer, outcome: string): Message {
  return { kind: 'answer', sequence, answer, outcome };
}

function paid({ kind, key }: TakenEffect, payment: Payment | undefined): Message {
  if (payment === undefined) throw new Error(`${kind} '${key}': payments answered no payment`);
  return { kind: 'payment', payment: paymentView(payment) };
}

function reservedBy({ status, expireTime }: Reservation): Answer {
  const active = status === ReservationStatus.ACTIVE;
  return active && expireTime !== undefined
    ? { fact: 'stock reserved', expireTimeMs: timestampMs(expireTime) }
    : { fact: 'reservation gone' };
}

function shortageOf(shortages: readonly Shortage[]): Answer {
  const gone = shortages.some(({ reason }) => reason !== ShortageReason.OUT_OF_STOCK);
  return { fact: 'stock short', cause: gone ? 'DISCONTINUED' : 'OUT_OF_STOCK' };
}
