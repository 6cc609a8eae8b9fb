import { randomUUID } from 'node:crypto';
import type { OperationKind } from './behaviour.ts';

export type ChargeStatus = 'authorized' | 'declined' | 'captured' | 'voided' | 'refunded';

/** A charge as the API has it; amounts are decimal texts, since JSON's numbers end at 2^53 for many. */
export interface Charge {
  readonly id: string;
  readonly reference: string;
  readonly status: ChargeStatus;
  readonly decline_code?: string;
  readonly amount: string;
  readonly currency: string;
  readonly captured: string;
  readonly refunded: string;
}

/** A request that has been understood. */
export interface OperationRequest {
  readonly key: string;
  readonly kind: OperationKind;
  /** The charge; absent where the request makes one. */
  readonly charge?: string;
  readonly reference?: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly source?: string;
}

/** What was done under a key, once and for all. */
export interface Operation {
  readonly key: string;
  readonly kind: OperationKind;
  readonly request: OperationRequest;
  readonly status: 'succeeded' | 'refused';
  readonly decline_code?: string;
  /** Minor units that it moved. */
  readonly amount: string;
  /** The charge after it; absent if there is none. */
  readonly charge?: Charge;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Charges and what was done under each key: a fold over the operations, which the journal keeps. */
export class Charges {
  readonly #operations = new Map<string, Operation>();
  readonly #charges = new Map<string, Charge>();
  readonly #sources = new Map<string, string>();

  operation(key: string): Operation | undefined {
    return this.#operations.get(key);
  }

  charge(id: string): Charge | undefined {
    return this.#charges.get(id);
  }

  /** The token that a charge was made with: it says how the stand-in is to behave. */
  sourceOf(id: string): string | undefined {
    return this.#sources.get(id);
  }

  /** All operations, in the order in which they were done. */
  operations(): readonly Operation[] {
    return [...this.#operations.values()];
  }

  /** The charges of an order. */
  chargesFor(reference: string): readonly Charge[] {
    return [...this.#charges.values()].filter((charge) => charge.reference === reference);
  }

  /** Takes up an operation that was done. */
  apply(operation: Operation): void {
    this.#operations.set(operation.key, operation);
    const { charge, request } = operation;
    if (charge === undefined) return;
    this.#charges.set(charge.id, charge);
    if (request.source !== undefined) this.#sources.set(charge.id, request.source);
  }

  /** What doing a request comes to; nothing is changed yet. */
  decide(request: OperationRequest, declineCode: string | undefined, at: number): Operation {
    const { key, kind, amount = '0' } = request;
    const operation = { key, kind, request, amount, at };
    if (kind === 'authorize') return this.#authorize(operation, declineCode);
    const charge = this.#charges.get(request.charge ?? '');
    if (charge === undefined) {
      return { ...operation, status: 'refused', decline_code: 'no_such_charge' };
    }
    const refused = declineCode ?? whyNot(charge, request);
    if (refused !== undefined) {
      return { ...operation, status: 'refused', decline_code: refused, charge };
    }
    const moved = kind === 'refund' ? amount : charge.amount;
    return { ...operation, status: 'succeeded', amount: moved, charge: after(charge, kind, moved) };
  }

  #authorize(operation: Omit<Operation, 'status'>, declineCode: string | undefined): Operation {
    const { reference = '', amount = '0', currency = '' } = operation.request;
    const id = `ch_${randomUUID()}`;
    const made = { id, reference, amount, currency, captured: '0', refunded: '0' };
    return declineCode === undefined
      ? { ...operation, status: 'succeeded', charge: { ...made, status: 'authorized' } }
      : {
          ...operation,
          status: 'refused',
          decline_code: declineCode,
          charge: { ...made, status: 'declined', decline_code: declineCode },
        };
  }
}

/** Why the state of a charge forbids a request; undefined if it does not. */
function whyNot(charge: Charge, { kind, amount = '0' }: OperationRequest): string | undefined {
  if (kind !== 'refund') {
    return charge.status === 'authorized' ? undefined : `charge_is_${charge.status}`;
  }
  const left = BigInt(charge.captured) - BigInt(charge.refunded);
  return BigInt(amount) > left ? 'more_than_left' : undefined;
}

function after(charge: Charge, kind: OperationKind, moved: string): Charge {
  if (kind === 'capture') return { ...charge, status: 'captured', captured: moved };
  if (kind === 'void') return { ...charge, status: 'voided' };
  const refunded = (BigInt(charge.refunded) + BigInt(moved)).toString();
  return { ...charge, refunded, status: refunded === charge.captured ? 'refunded' : 'captured' };
}
