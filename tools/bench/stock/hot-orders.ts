import { setTimeout as delay } from 'node:timers/promises';
import type { Edge } from '../../shop/edge-client.ts';
import { followed } from '../../shop/orders.ts';
import type { Session } from '../../shop/shoppers.ts';
import { refresh } from '../../shop/shoppers.ts';
import { durationsOf } from '../durations.ts';
import { write } from '../services/asking.ts';
import type { Durations } from '../durations.ts';

/** Whole orders of one product by many, as fast as the platform confirms them. */
export interface HotOrders {
  readonly confirmed: number;
  readonly perSecond: number;
  /** From the order that is sent to the answer that it is confirmed. */
  readonly purchase: Durations;
  /** Orders by what came instead of their confirmation. */
  readonly failures: Readonly<Record<string, number>>;
}

/** An access token lasts five minutes. */
const RENEW_AFTER_MS = 200_000;
/** Before a customer whose order failed comes again. */
const PAUSE_MS = 500;

/** Each customer orders one unit through the edge, waits until it is confirmed, and orders again. */
export async function measureHotOrders(
  edge: Edge,
  customers: readonly Session[],
  { productId, seconds }: { readonly productId: string; readonly seconds: number },
): Promise<HotOrders> {
  const samples: number[] = [];
  const failures: Record<string, number> = {};
  const startMs = performance.now();
  const endMs = startMs + seconds * 1_000;
  const body = { items: [{ productId, quantity: 1 }], paymentMethodToken: 'tok_ok' };
  const buy = async (session: Session): Promise<void> => {
    const sentMs = performance.now();
    const outcome = await followed(edge, write(session.accessToken, '/v1/orders', body));
    const failure = 'failed' in outcome ? outcome.failed : outcome.status;
    if (failure === 'ORDER_STATUS_CONFIRMED') {
      samples.push(performance.now() - sentMs);
    } else {
      failures[failure] = (failures[failure] ?? 0) + 1;
      await delay(PAUSE_MS);
    }
  };
  const customer = async (session: Session): Promise<void> => {
    let renewedMs = startMs;
    while (performance.now() < endMs) {
      if (performance.now() - renewedMs > RENEW_AFTER_MS) {
        await refresh(edge, session);
        renewedMs = performance.now();
      }
      await buy(session);
    }
  };
  await Promise.all(customers.map(customer));
  const elapsedMs = performance.now() - startMs;
  return {
    ...{ confirmed: samples.length, perSecond: samples.length / (elapsedMs / 1_000) },
    ...{ purchase: durationsOf(samples), failures },
  };
}
