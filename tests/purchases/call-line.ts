import type { ChildProcess } from 'node:child_process';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescService } from '@bufbuild/protobuf';
import type { CallOptions, Client } from '@meridian/kit/rpc/client-types.ts';
import type { Handlers, ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { StatusName } from '@meridian/kit/rpc/rpc-error.ts';
import { callBy } from './in-process.ts';
import type { CallBy } from './in-process.ts';

/** A call between a process and its parent. */
export interface Call {
  readonly service: string;
  readonly method: string;
  readonly request: Uint8Array;
  readonly by: CallBy;
}

type Answer =
  | { readonly answer: Uint8Array }
  | { readonly refused: StatusName | undefined; readonly message: string };
type Sent = { readonly id: number } & ({ readonly call: Call } | { readonly reply: Answer });

/** Answers a call in this process. */
export type Serve = (call: Call) => Promise<Uint8Array>;

/** Calls over the channel that a process has with its parent, in both directions. */
export class CallLine {
  readonly #send: (message: Sent) => void;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;
  #closed = false;

  constructor(end: ChildProcess | NodeJS.Process, serve: Serve) {
    // What was meant for a process that is gone is lost, as on a network.
    this.#send = (message) => {
      if (end.connected) end.send?.(message, undefined, {}, () => undefined);
    };
    end.on('message', (message) => {
      const sent = message as Sent;
      if ('reply' in sent) this.#waiting.get(sent.id)?.(sent.reply);
      else void answerOf(serve, sent.call).then((reply) => this.#send({ id: sent.id, reply }));
    });
    end.on('disconnect', () => {
      this.#closed = true;
      for (const answer of this.#waiting.values()) answer(GONE);
    });
  }

  /** @throws {RpcError} what the other side refused it with; UNAVAILABLE if it is gone */
  async ask(call: Call): Promise<Uint8Array> {
    const id = (this.#lastId += 1);
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#waiting.set(id, resolve);
    if (this.#closed) resolve(GONE);
    else this.#send({ id, call });
    const reply = await promise;
    this.#waiting.delete(id);
    if ('answer' in reply) return reply.answer;
    if (reply.refused === undefined) throw new Error(reply.message);
    throw new RpcError(reply.refused, reply.message);
  }
}

const GONE: Answer = { refused: 'UNAVAILABLE', message: 'the process is gone' };

async function answerOf(serve: Serve, call: Call): Promise<Answer> {
  try {
    return { answer: await serve(call) };
  } catch (error) {
    const refused = error instanceof RpcError ? error.status : undefined;
    return { refused, message: error instanceof Error ? error.message : String(error) };
  }
}

/** A client of a service at the other end of a line. */
export function clientOver<S extends DescService>(
  service: S,
  line: Pick<CallLine, 'ask'>,
  caller: CallBy = {},
): Client<S> {
  const methods = service.methods.map((method) => [
    method.localName,
    async (given: never, options?: CallOptions) => {
      const key = options?.idempotencyKey;
      const by = key === undefined ? caller : { ...caller, key };
      const request = toBinary(method.input, create(method.input, given));
      const call = { service: service.typeName, method: method.localName, request, by };
      return fromBinary(method.output, await line.ask(call));
    },
  ]);
  return Object.fromEntries(methods) as Client<S>;
}

/** Answers calls of a service by its handlers. */
export function servedBy<S extends DescService>(service: S, handlers: Handlers<S>): Serve {
  const byName = handlers as Readonly<
    Record<string, (request: unknown, call: ServerCall) => unknown>
  >;
  return async ({ method: name, request, by }) => {
    const method = service.methods.find(({ localName }) => localName === name);
    if (method === undefined) throw new Error(`${service.typeName} has no method ${name}`);
    const answer = await byName[name]?.(fromBinary(method.input, request), callBy(by));
    return toBinary(method.output, create(method.output, answer as never));
  };
}
