import { ReservationStatus } from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import { NO_STOCK, stockModel, unconserved } from '@meridian/catalog/stock-model.ts';
import type { StockAnswer, StockRequest, StockState } from '@meridian/catalog/stock-model.ts';
import { noPayment, transition } from '@meridian/payments/payment-machine.ts';
import type { PaymentMessage, ProviderAnswer } from '@meridian/payments/payment-machine.ts';
import type { OperationKind } from '@meridian/payments/payment-state.ts';
import type { PaymentView } from '../saga/messages.ts';
import { viewOf } from './payment-view.ts';
import type { World } from './world.ts';

type PaymentState = ReturnType<typeof noPayment>;

/** How often the provider refuses; what is undone, several times in a row. */
const REFUSED_PERCENT: Readonly<Record<OperationKind, number>> = {
  ...{ authorize: 25, capture: 5, void: 60, refund: 60 },
};

/** What the provider has done about an order. */
export interface Charge {
  authorized: boolean;
  captured: number;
  refunded: number;
  freed: boolean;
}

/** Catalog and payments with the provider, as their pure models say they are. */
export class Peers {
  readonly #world: World;
  readonly #payments = new Map<string, { state: PaymentState; version: bigint }>();
  readonly #outcomes = new Map<string, ProviderAnswer>();
  readonly charges = new Map<string, Charge>();
  /** Is told of each change of a payment. */
  published: (orderId: string, payment: PaymentView) => void = () => undefined;
  stock: StockState = NO_STOCK;
  /** How much catalog's clock is ahead. */
  clockMs = 0;

  constructor(world: World) {
    this.#world = world;
    const sweep = (): void => {
      this.catalog({ method: 'sweep' });
      world.schedule.plan(60_000, sweep);
    };
    sweep();
  }

  catalog(request: StockRequest): StockAnswer {
    const { state, answer } = stockModel(this.stock, request, this.#world.nowMs + this.clockMs);
    this.stock = state;
    const broken = unconserved(state);
    if (broken.length > 0) this.#world.violate(`stock of ${broken.join(', ')} is not conserved`);
    return answer;
  }

  reservation(orderId: string): ReservationStatus | undefined {
    return this.stock.reservations.get(orderId)?.status;
  }

  /** The payment after a request; a refusal leaves it as it is, and undefined is none. */
  pay(orderId: string, message: PaymentMessage): PaymentView | undefined {
    this.#apply(orderId, message);
    return this.payment(orderId);
  }

  payment(orderId: string): PaymentView | undefined {
    const known = this.#payments.get(orderId);
    return known && viewOf(known.state, known.version);
  }

  #apply(orderId: string, message: PaymentMessage): void {
    const { state, version } = this.#payments.get(orderId) ?? {
      ...{ state: noPayment(orderId), version: 0n },
    };
    const outcome = transition(state, message);
    if (outcome.type === 'refused') {
      this.#world.note(() => `payments refuse ${message.type}: ${outcome.reason}`);
      return;
    }
    if (outcome.type === 'changed') {
      this.#payments.set(orderId, { state: outcome.state, version: version + 1n });
      const view = viewOf(outcome.state, version + 1n);
      if (view !== undefined) this.published(orderId, view);
    }
    for (const effect of outcome.effects) {
      if (effect.type === 'send') this.#send(orderId, effect.key, 0);
      if (effect.type === 'contradiction') {
        this.#world.violate(`the provider contradicts itself about ${effect.key}`);
      }
    }
  }

  /** Asks the provider under the key, again and again until its answer has come. */
  #send(orderId: string, key: string, attempt: number): void {
    const operation = this.#payments
      .get(orderId)
      ?.state.operations.find((each) => each.key === key);
    if (operation?.status !== 'pending' && operation?.status !== 'unknown') return;
    const providerKey = this.#world.bug === 'double capture' ? `${key} ${attempt}` : key;
    this.#world.carry(() => {
      const answer = this.#provider(
        orderId,
        providerKey,
        operation.kind,
        Number(operation.minorUnits),
      );
      this.#world.carry(() => this.#apply(orderId, { type: 'answer', key, answer }));
    });
    const { schedule } = this.#world;
    schedule.plan(2_000, () =>
      this.#apply(orderId, { type: 'answer', key, answer: { status: 'unknown' } }),
    );
    schedule.plan(5_000, () => this.#send(orderId, key, attempt + 1));
  }

  #provider(orderId: string, key: string, kind: OperationKind, minorUnits: number): ProviderAnswer {
    const known = this.#outcomes.get(key);
    if (known !== undefined) return known;
    const { random } = this.#world;
    const refuses = random.chance(REFUSED_PERCENT[kind]) && this.#world.hasTrouble;
    const answer: ProviderAnswer = refuses
      ? { status: 'refused', declineCode: 'no' }
      : { status: 'succeeded', charge: `ch ${orderId}` };
    this.#outcomes.set(key, answer);
    if (!refuses) this.#move(orderId, kind, minorUnits);
    this.#world.note(() => `provider ${kind} ${key}: ${answer.status}`);
    return answer;
  }

  #move(orderId: string, kind: string, minorUnits: number): void {
    const charge = this.charges.get(orderId) ?? {
      ...{ authorized: false, captured: 0, refunded: 0, freed: false },
    };
    this.charges.set(orderId, charge);
    if (kind === 'authorize') charge.authorized = true;
    if (kind === 'void') charge.freed = true;
    if (kind === 'refund') charge.refunded += minorUnits;
    if (kind !== 'capture') return;
    charge.captured += minorUnits;
    const goods = this.reservation(orderId);
    if (goods !== ReservationStatus.COMMITTED && goods !== ReservationStatus.RETURNED) {
      this.#world.violate(`${orderId}: money was taken for goods that were not sold`);
    }
  }
}
