import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '@meridian/catalog/seed/random.ts';
import type { EdgeAnswer, EdgeClient } from './edge-client.ts';
import { getOrder, isOver, orderOf } from './orders.ts';
import { FAVOURITES_EXPONENT, Popularity } from './popularity.ts';
import { refresh } from './shoppers.ts';
import type { Session } from './shoppers.ts';
import { Tally } from './tally.ts';
import type { ShopReport } from './tally.ts';
import { SHARES, visit } from './visit.ts';
import type { Shares } from './visit.ts';
import type { Ware } from './wares.ts';

/** A load of shoppers. */
export interface ShopLoad {
  readonly edge: EdgeClient;
  readonly wares: readonly Ware[];
  /** Signed in; each is at any number of visits at once. */
  readonly sessions: readonly Session[];
  /** Shoppers that arrive in a second, whether or not those before are served. */
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly seed: number;
  /** @default SHARES */
  readonly shares?: Shares;
  /** Mean pause of a shopper before each step. @default THINK_MS */
  readonly thinkMs?: number;
  /** Is told every answer. */
  readonly onHeard?: (answer: EdgeAnswer) => void;
  /** Is told where it is, once a second. */
  readonly onProgress: (report: ShopReport) => void;
  /** Lets nobody else come; those who are there go on until their orders are over. */
  readonly signal: AbortSignal;
  /** Sends them away too; what was acknowledged is still followed up. @default never */
  readonly hurry?: AbortSignal;
}

const THINK_MS = 1500;
const PROGRESS_MS = 1000;
/** Far below the five minutes of an access token. */
const REFRESH_MS = 120_000;
/** Before a session that could not be refreshed is tried again. */
const REFRESH_AGAIN_MS = 5_000;
/** How long orders may take after the last shopper came, before they are only asked for. */
const PATIENCE_MS = 60_000;
const FOLLOW_UP_MS = 200;

/**
 * Lets shoppers come in an open loop, at moments that do not depend on how they are served (a Poisson
 * process), waits until their orders are over, and asks for every acknowledged order once more.
 */
export async function runShop(load: ShopLoad): Promise<ShopReport> {
  const { edge, sessions, wares, hurry, shares = SHARES, thinkMs = THINK_MS } = load;
  const tally = new Tally(load.onHeard);
  const random = new Random(load.seed);
  const popularity = new Popularity(wares.length, FAVOURITES_EXPONENT);
  const closing = new AbortController();
  const progress = setInterval(() => load.onProgress(tally.report()), PROGRESS_MS);
  const refreshing = keepSignedIn(edge, sessions, closing.signal);
  const visits = new Set<Promise<void>>();
  const arrive = (at: number, number: number): void => {
    const session = sessions[number % sessions.length];
    if (session === undefined) throw new RangeError('Sessions: must be at least one');
    const setting = {
      ...{ edge, wares, popularity, tally, session, shares, thinkMs, signal: closing.signal },
      random: new Random(random.integer(0, 0x7fff_ffff)),
    };
    const one: Promise<void> = visit(setting, at)
      .catch((error: unknown) => {
        if (!closing.signal.aborted) throw error;
      })
      .finally(() => visits.delete(one));
    visits.add(one);
  };
  try {
    await arrivals(load, random, arrive);
    const patience = setTimeout(() => closing.abort(), PATIENCE_MS);
    const close = (): void => closing.abort();
    hurry?.addEventListener('abort', close);
    if (hurry?.aborted === true) close();
    await Promise.all(visits);
    clearTimeout(patience);
    hurry?.removeEventListener('abort', close);
    await followUp(edge, tally);
    return tally.report();
  } finally {
    clearInterval(progress);
    closing.abort();
    await Promise.allSettled(visits);
    await refreshing;
  }
}

/** Asks for every acknowledged order once more, and for those that are under way until they are over. */
async function followUp(edge: EdgeClient, tally: Tally): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (const { orderId, session } of tally.orders) {
    for (;;) {
      const answer = await getOrder(edge, orderId, session.accessToken);
      const order = orderOf(answer);
      if (order !== undefined || answer.status === 404) {
        tally.order(orderId, session, order?.status);
        if (order === undefined || isOver(order.status)) break;
      }
      if (performance.now() > end) break;
      await delay(FOLLOW_UP_MS);
    }
  }
}

/** Calls at the moments of a Poisson process. */
async function arrivals(
  { ratePerSecond, seconds, signal }: ShopLoad,
  random: Random,
  arrive: (at: number, number: number) => void,
): Promise<void> {
  const end = performance.now() + seconds * 1e3;
  let next = performance.now();
  for (let number = 0; next < end && !signal.aborted;) {
    for (const now = performance.now(); next <= now && next < end; number += 1) {
      arrive(next, number);
      next += (-Math.log(random.integer(1, 1e6) / 1e6) * 1e3) / ratePerSecond;
    }
    await delay(1);
  }
}

/** Refreshes every session now and then, until `signal` is aborted. */
async function keepSignedIn(
  edge: EdgeClient,
  sessions: readonly Session[],
  signal: AbortSignal,
): Promise<void> {
  try {
    for (;;) {
      await delay(REFRESH_MS, undefined, { signal });
      for (const session of sessions) {
        while (!(await refresh(edge, session)))
          await delay(REFRESH_AGAIN_MS, undefined, { signal });
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
