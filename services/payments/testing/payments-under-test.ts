import { Metadata } from '@grpc/grpc-js';
import { create, fromBinary } from '@bufbuild/protobuf';
import { Outbox } from '@meridian/kit/events/outbox.ts';
import { uuidV7 } from '@meridian/kit/events/uuid-v7.ts';
import type { ExternalBinding } from '@meridian/kit/external/binding.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { DatabaseProcess } from '@meridian/kit/postgres/testing/database-world.ts';
import type { ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { underContract } from '@meridian/kit/testing/under-contract.ts';
import type { Pool } from 'pg';
import { PaymentChangedSchema } from '../contract/gen/meridian/payments/v1/events_pb.js';
import {
  AuthorizePaymentRequestSchema,
  CapturePaymentRequestSchema,
  GetPaymentRequestSchema,
  PaymentOperationStatus,
  PaymentSchema,
  PaymentsService,
  PaymentStatus,
  ReceiveWebhookRequestSchema,
  RefundPaymentRequestSchema,
  VoidPaymentRequestSchema,
} from '../contract/gen/meridian/payments/v1/payments_pb.js';
import type { Payment } from '../contract/gen/meridian/payments/v1/payments_pb.js';
import { paymentsHandlers } from '../handler.ts';
import { openPayments } from '../open-payments.ts';
import type { OpenedPayments, PaymentsSettings } from '../open-payments.ts';
import { API_KEY, ProviderProcess, WEBHOOK_SECRET } from './provider-process.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

/** Quick enough for tests, with a lease that is over soon. */
export const QUICK: PaymentsSettings = {
  providerTimeoutMs: 400,
  answerWithinMs: 1_000,
  leaseMs: 800,
  backoff: { firstMs: 50, maxMs: 200 },
  pollMs: 40,
};

/** A call as the handlers see it. */
export function callOf(deadlineMs = Date.now() + 30_000): ServerCall {
  return {
    metadata: new Metadata(),
    peer: 'spiffe://meridian.local/orders',
    deadlineMs,
    aside: (wait) => wait(),
  } as ServerCall;
}

/** A replica of payments over the database of the world. */
export interface Replica extends OpenedPayments {
  readonly process: DatabaseProcess;
  readonly handlers: ReturnType<typeof paymentsHandlers>;
}

/** Payments over a real database and the real stand-in, whose webhooks arrive as the gateway hands them on. */
export class PaymentsUnderTest {
  readonly world: DatabaseWorld;
  readonly pool: Pool;
  readonly standIn: ProviderProcess;
  readonly receiver: WebhookReceiver;
  #replica: Replica | undefined;

  private constructor(
    world: DatabaseWorld,
    pool: Pool,
    standIn: ProviderProcess,
    receiver: WebhookReceiver,
  ) {
    this.world = world;
    this.pool = pool;
    this.standIn = standIn;
    this.receiver = receiver;
  }

  static async start(): Promise<PaymentsUnderTest> {
    const world = await DatabaseWorld.create();
    const pool = await world.createDatabase('payments', 'services/payments/migrations');
    const { folder, authority } = world.world;
    const receiver = await WebhookReceiver.start(authority, folder);
    const standIn = await ProviderProcess.start(`${folder}/stand-in`, {
      webhooks: { url: receiver.url, caFile: receiver.caFile },
      behaviour: { slowMs: 200 },
    });
    const started = new PaymentsUnderTest(world, pool, standIn, receiver);
    started.#replica = await started.open();
    receiver.answer = async ({ body, headers }) => {
      const error = await started.receive(body, headers).then(() => undefined, statusOf);
      return error === undefined ? 200 : 401;
    };
    return started;
  }

  get replica(): Replica {
    if (this.#replica === undefined) throw new Error('payments are not open');
    return this.#replica;
  }

  /** Another replica. */
  async open(settings: Partial<PaymentsSettings> = {}): Promise<Replica> {
    const process = await this.world.open('payments');
    const { uri } = this.standIn;
    const binding: ExternalBinding = {
      external: 'payment-provider',
      uri,
      secrets: (name) => [name === 'api-key' ? API_KEY : WEBHOOK_SECRET],
      parameter: () => '',
    };
    const outbox = new Outbox<never>(() => undefined);
    const opened = openPayments(process.runtime, process.database, outbox, binding, {
      ...QUICK,
      ...settings,
    });
    const handlers = underContract(PaymentsService, paymentsHandlers(opened));
    return { ...opened, process, handlers };
  }

  async authorize(
    orderId: string,
    token: string,
    { key = `${orderId}/a`, amount = 1_000n, currency = 'EUR', replica = this.replica } = {},
  ): Promise<Payment> {
    const request = create(AuthorizePaymentRequestSchema, {
      orderId,
      amount: { currencyCode: currency, minorUnits: amount },
      paymentMethodToken: token,
      idempotencyKey: key,
    });
    return paymentIn(await replica.handlers.authorizePayment(request, callOf()));
  }

  async capture(orderId: string, key = `${orderId}/c`): Promise<Payment> {
    const request = create(CapturePaymentRequestSchema, { orderId, idempotencyKey: key });
    return paymentIn(await this.replica.handlers.capturePayment(request, callOf()));
  }

  async void(orderId: string, key = `${orderId}/v`): Promise<Payment | undefined> {
    const request = create(VoidPaymentRequestSchema, { orderId, idempotencyKey: key });
    const { payment } = await this.replica.handlers.voidPayment(request, callOf());
    return payment && create(PaymentSchema, payment);
  }

  async refund(orderId: string, key: string, amount?: bigint, currency = 'EUR'): Promise<Payment> {
    const request = create(RefundPaymentRequestSchema, {
      orderId,
      idempotencyKey: key,
      ...(amount === undefined ? {} : { amount: { currencyCode: currency, minorUnits: amount } }),
    });
    return paymentIn(await this.replica.handlers.refundPayment(request, callOf()));
  }

  async get(orderId: string): Promise<Payment> {
    const request = create(GetPaymentRequestSchema, { orderId });
    return paymentIn(await this.replica.handlers.getPayment(request, callOf()));
  }

  async receive(body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<void> {
    const request = create(ReceiveWebhookRequestSchema, {
      ...{ sender: 'payment-provider', body },
      headers: { ...headers },
    });
    await this.replica.handlers.receiveWebhook(request, callOf());
  }

  /** The events of an order, in the order of their positions. */
  async events(orderId: string): Promise<readonly Payment[]> {
    const { rows } = await this.pool.query<{ payload: Buffer; headers: Record<string, string> }>(
      'SELECT payload, headers FROM outbox WHERE key = $1 ORDER BY position',
      [orderId],
    );
    return rows.flatMap(({ payload }) => fromBinary(PaymentChangedSchema, payload).payment ?? []);
  }

  /** What the provider has of an order. */
  async charges(
    orderId: string,
  ): Promise<readonly { status: string; captured: string; refunded: string }[]> {
    const answer = await this.standIn.fetch(`/v1/charges?reference=${orderId}`);
    return ((await answer.json()) as { charges: never[] }).charges;
  }

  async stop(): Promise<void> {
    await this.standIn.stop();
    await this.receiver.close();
    await this.world.close();
  }
}

/** A new order. */
export function newOrder(): string {
  return uuidV7();
}

/** The status of the RpcError that was thrown. */
export function statusOf(error: unknown): string {
  if (error instanceof RpcError) return error.status;
  throw error;
}

/** What a payment is and how its operations ended, in words. */
export function summary({ status, operations }: Payment): string {
  const parts = operations.map(
    (operation) => PaymentOperationStatus[operation.status].toLowerCase() + codeOf(operation),
  );
  return [PaymentStatus[status], ...parts].join(' ');
}

function codeOf({ declineCode }: { readonly declineCode: string }): string {
  return declineCode === '' ? '' : `:${declineCode}`;
}

function paymentIn({
  payment,
}: {
  readonly payment?: Parameters<typeof create<typeof PaymentSchema>>[1];
}): Payment {
  return create(PaymentSchema, payment);
}
