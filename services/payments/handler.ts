import { createHash } from 'node:crypto';
import type { Database } from '@meridian/kit/postgres/database.ts';
import { pageSizeOf } from '@meridian/kit/pages/page-size.ts';
import type { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { Handlers, ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { PaymentsService } from './contract/gen/meridian/payments/v1/payments_pb.js';
import { Ledger } from './ledger.ts';
import type { OperationRunner } from './operation-runner.ts';
import { toPaymentMessage } from './payment-message.ts';
import { PaymentStore } from './payment-store.ts';
import type { StoredPayment } from './payment-store.ts';
import type { Happening, Payments } from './payments.ts';
import type { ProviderClient } from './provider-client.ts';
import { reconcileStatement } from './reconcile-statement.ts';
import { paymentNotFound } from './refusal.ts';
import { amountOf, checkDay } from './validate.ts';
import type { Webhooks } from './webhooks.ts';

/** What the methods work with. */
export interface PaymentsWorkshop {
  readonly database: Pick<Database, 'query'>;
  readonly payments: Payments;
  readonly runner: OperationRunner;
  readonly provider: Pick<ProviderClient, 'statement'>;
  readonly webhooks: Webhooks;
  readonly pages: PageTokens;
  /** How long an answer waits for the provider at most. */
  readonly answerWithinMs: number;
}

/** Payments on a page when the request does not say. */
const PAGE_SIZE_DEFAULT = 500;
/** Time that an answer needs on its way to the caller. */
const MARGIN_MS = 200;
/** Answers that wait at once; one more says what is known, as one whose time is up. */
const WAITS_MAX = 256;

/** The methods of payments, for requests that their contract allows. */
export function paymentsHandlers(workshop: PaymentsWorkshop): Handlers<typeof PaymentsService> {
  return { ...writeHandlers(workshop), ...readHandlers(workshop) };
}

type Write = 'authorizePayment' | 'capturePayment' | 'refundPayment' | 'voidPayment';

function writeHandlers(workshop: PaymentsWorkshop): Pick<Handlers<typeof PaymentsService>, Write> {
  const ask = asking(workshop);
  return {
    async authorizePayment(request, call) {
      const { orderId, amount, paymentMethodToken: token, idempotencyKey: key } = request;
      // Its contract has it; the type does not know.
      if (amount === undefined) throw new Error('an amount was checked and is not there');
      const source = createHash('sha256').update(`${orderId}\0${token}`).digest('base64url');
      const message = { type: 'authorize', key, amount: amountOf(amount), source } as const;
      return { payment: await ask({ orderId, message, token }, call) };
    },

    async capturePayment(request, call) {
      const { orderId, idempotencyKey: key } = request;
      return { payment: await ask({ orderId, message: { type: 'capture', key } }, call) };
    },

    async refundPayment(request, call) {
      const { orderId, amount, idempotencyKey: key } = request;
      const message = {
        type: 'refund',
        key,
        ...(amount === undefined ? {} : { amount: amountOf(amount) }),
      } as const;
      return { payment: await ask({ orderId, message }, call) };
    },

    async voidPayment(request, call) {
      const { orderId, idempotencyKey: key } = request;
      return { payment: await ask({ orderId, message: { type: 'void', key } }, call) };
    },
  };
}

function readHandlers(workshop: PaymentsWorkshop): Omit<Handlers<typeof PaymentsService>, Write> {
  const { database, payments, provider, webhooks, pages } = workshop;
  const { method } = PaymentsService;
  return {
    async getPayment(request) {
      const payment = await payments.get(request.orderId);
      if (payment === undefined) throw paymentNotFound();
      return { payment: toPaymentMessage(payment) };
    },

    async listPayments(request, call) {
      const { items, nextPageToken } = await pages.page(method.listPayments, request, call, {
        size: pageSizeOf(request, PAGE_SIZE_DEFAULT),
        list: (limit, after) => new PaymentStore(database).list(limit, after),
        placeOf: ({ state }) => state.orderId,
      });
      return {
        payments: items.flatMap((payment) => toPaymentMessage(payment) ?? []),
        nextPageToken,
      };
    },

    async listBalances() {
      const balances = await new Ledger(database).balances();
      return {
        balances: balances.map(({ account, currency, minorUnits }) => ({
          account,
          amount: { currencyCode: currency, minorUnits },
        })),
      };
    },

    async reconcileStatement({ date }) {
      checkDay(date);
      return reconcileStatement(provider, database, date);
    },

    async receiveWebhook({ sender, body, headers }) {
      await webhooks.receive({ sender, body, headers });
      return {};
    },
  };
}

/** Applies what is asked, sends what follows, and answers when the outcome is known or the time is up. */
function asking({ payments, runner, answerWithinMs }: PaymentsWorkshop) {
  let waits = 0;
  const waitFor = async (key: string, call: ServerCall): Promise<void> => {
    const timeoutMs = Math.min(answerWithinMs, call.deadlineMs - Date.now() - MARGIN_MS);
    waits += 1;
    try {
      await call.aside(() => runner.settled(key, timeoutMs));
    } finally {
      waits -= 1;
    }
  };
  return async (happening: Happening, call: ServerCall) => {
    const { orderId, message } = happening;
    const { payment, sends } = await payments.apply(happening);
    runner.send(sends);
    if (!isOpen(payment, message.key) || waits >= WAITS_MAX) return toPaymentMessage(payment);
    await waitFor(message.key, call);
    return toPaymentMessage((await payments.get(orderId)) ?? payment);
  };
}

function isOpen({ state }: StoredPayment, key: string): boolean {
  return state.operations.some(
    (operation) =>
      operation.key === key && (operation.status === 'pending' || operation.status === 'unknown'),
  );
}
