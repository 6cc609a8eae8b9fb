import { Metadata, status as Status } from '@grpc/grpc-js';
import type { ClientUnaryCall, ServiceError } from '@grpc/grpc-js';
import type { OutgoingCall } from './outgoing-call.ts';
import type { Repetition } from './repetition.ts';

/** Sends the call once; calls back with how it ended. */
export type SendOnce<T> = (
  ended: (error: ServiceError | null, response?: T) => void,
) => ClientUnaryCall;

/** What a call becomes for its caller. */
export interface Settlement<T> {
  readonly resolve: (response: T) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One unary call, sent again as its repetition allows: after a replica said or showed that it is away,
 * and beside one that does not answer. The first answer counts; what else is under way is cancelled.
 */
export class UnaryCall<T> {
  readonly #outgoing: OutgoingCall;
  readonly #send: SendOnce<T>;
  readonly #settlement: Settlement<T>;
  readonly #repetition: Repetition | undefined;
  readonly #underWay = new Set<ClientUnaryCall>();
  #timer: NodeJS.Timeout | undefined;
  #settled = false;

  /** @param repetition undefined for a call that is sent once */
  constructor(
    outgoing: OutgoingCall,
    send: SendOnce<T>,
    settlement: Settlement<T>,
    repetition: Repetition | undefined,
  ) {
    this.#outgoing = outgoing;
    this.#send = send;
    this.#settlement = settlement;
    this.#repetition = repetition;
  }

  /** Sends it for the first time. */
  start(signal: AbortSignal | undefined): void {
    const patienceMs = this.#repetition?.patienceMs;
    if (patienceMs !== undefined) this.#timer = setTimeout(() => this.#sendBeside(), patienceMs);
    this.#sendOnce();
    this.#outgoing.cancelWith(this, signal);
  }

  /** Ends it with CANCELLED. */
  cancel(): void {
    if (this.#settled) return;
    this.#fail(localError(Status.CANCELLED, 'Cancelled on client'), false);
  }

  #sendOnce(): void {
    let begun = false;
    let call: ClientUnaryCall;
    try {
      call = this.#send((error, response) => {
        this.#underWay.delete(call);
        if (this.#settled) return;
        if (error === null && response !== undefined) this.#succeed(response);
        else if (error !== null) this.#failed(error, begun);
      });
    } catch (cause) {
      // A channel that this process has closed, as it leaves, throws (grpc-js, internal-channel.ts); in a
      // timer that would end the process under everybody who still waits.
      this.#fail(localError(Status.UNAVAILABLE, (cause as Error).message, { cause }), false);
      return;
    }
    call.once('metadata', () => (begun = true));
    this.#underWay.add(call);
  }

  #sendBeside(): void {
    this.#timer = undefined;
    if (this.#repetition?.mayGoBeside() === true) this.#sendOnce();
  }

  #failed(error: ServiceError, begun: boolean): void {
    if (this.#repetition !== undefined && this.#outgoing.statusOf(error, begun) === 'UNAVAILABLE') {
      // Of two that are under way, the other may still answer.
      if (this.#underWay.size > 0) return;
      const delayMs = this.#repetition.delayAfter(error.metadata);
      if (delayMs !== undefined) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#sendOnce(), delayMs);
        return;
      }
    }
    this.#fail(error, begun);
  }

  #succeed(response: T): void {
    this.#end();
    this.#outgoing.succeed();
    this.#settlement.resolve(response);
  }

  #fail(error: ServiceError, begun: boolean): void {
    this.#end();
    this.#settlement.reject(this.#outgoing.fail(error, begun));
  }

  #end(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    for (const call of this.#underWay) call.cancel();
  }
}

/** A status of our own, as grpc-js would make it up. */
function localError(code: Status, details: string, options?: ErrorOptions): ServiceError {
  return Object.assign(new Error(details, options), { code, details, metadata: new Metadata() });
}
