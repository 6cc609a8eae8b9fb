import { expect } from '@jest/globals';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { noPayment, transition } from '../payment-machine.ts';
import type { PaymentMessage } from '../payment-machine.ts';
import { refundedOf, statusOf } from '../payment-state.ts';
import type { PaymentState } from '../payment-state.ts';
import type { Payments } from '../payments.ts';
import { messageHistories } from './histories.ts';
import { newOrder } from './payments-under-test.ts';

/**
 * Applies random histories to the payments in PostgreSQL and to the pure machine, and holds each step of
 * the one against the other.
 */
export async function storeFollowsMachine(
  payments: Payments,
  pool: Pool,
  parameters: fc.Parameters<[readonly PaymentMessage[]]>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(messageHistories(20), async (history) => {
      const orderId = newOrder();
      let state = noPayment(orderId);
      for (const given of history) {
        const message = { ...given, key: `${orderId}/${given.key}` };
        const result = transition(state, message);
        const stored = await applied(payments, orderId, message);
        if (result.type === 'refused') expect(stored).toMatch(/^(FAILED|ALREADY|NOT_FOUND)/);
        else {
          state = result.state;
          expect(stored).toEqual(state.operations.length === 0 ? 'NOT_FOUND' : state);
        }
      }
      await checkRows(pool, state);
    }),
    parameters,
  );
}

async function applied(
  payments: Payments,
  orderId: string,
  message: PaymentMessage,
): Promise<PaymentState | string> {
  const token = message.type === 'authorize' ? { token: 'tok_ok' } : {};
  try {
    return (await payments.apply({ orderId, message, ...token })).payment.state;
  } catch (error) {
    if (error instanceof RpcError) return error.status;
    throw error;
  }
}

/** What the other tables say of a payment that has come to a state. */
async function checkRows(pool: Pool, state: PaymentState): Promise<void> {
  const one = async (text: string): Promise<unknown> =>
    (await pool.query<{ found: unknown }>(text, [state.orderId])).rows[0]?.found;
  expect((await one('SELECT status AS found FROM payments WHERE order_id = $1')) ?? undefined).toBe(
    statusOf(state),
  );
  // One event for each version.
  const events = 'SELECT count(*)::int AS found FROM outbox WHERE key = $1::text';
  const versions = 'SELECT version::int AS found FROM payments WHERE order_id = $1';
  expect(await one(events)).toBe((await one(versions)) ?? 0);
  const captured = state.operations.some(
    ({ kind, status }) => kind === 'capture' && status === 'succeeded',
  );
  const owed = captured ? (state.amount?.minorUnits ?? 0n) - refundedOf(state) : 0n;
  const provider = `SELECT coalesce(sum(minor_units), 0)::text AS found FROM ledger_entries
    WHERE order_id = $1 AND account = 'provider'`;
  expect(await one(provider)).toBe(owed.toString());
}
