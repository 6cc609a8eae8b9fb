import { secondsOf } from '../../shop/duration.ts';
import { LiveLine } from '../../shop/live-line.ts';
import { edgeClient, wares } from '../../shop/open-shop.ts';
import { runShop } from '../../shop/run-shop.ts';
import { shopperCredentials } from '../../shop/shoppers.ts';
import { signInAll } from '../../shop/sign-in-all.ts';
import type { ShopReport } from '../../shop/tally.ts';
import { printJson } from '../output/print-json.ts';
import { localFolders } from '../places.ts';
import { zoneStatuses } from '../zones.ts';

/** Options of `npm run shop`. */
export interface ShopOptions {
  /** Shoppers that arrive in a second. */
  readonly rate: number;
  /** Such as 60s. */
  readonly for: string;
  /** Accounts that they share. */
  readonly accounts: number;
  /** The same one makes the same shoppers come. */
  readonly seed: number;
  readonly json?: boolean;
}

/** Products that they may buy. */
const WARES_MAX = 1000;
const CONNECTIONS = 64;

/**
 * Lets shoppers search, look, fill carts, leave them or buy, through the edge of the running platform. Ends
 * with 1 if an order that was acknowledged is not there.
 *
 * @throws {CodedError} SHOP_OPTION_UNUSABLE, PLATFORM_NOT_RUNNING, CATALOGUE_EMPTY
 * @throws {CodedError} EDGE_ANSWER_UNEXPECTED
 */
export async function shop(options: ShopOptions): Promise<number> {
  const seconds = secondsOf(options.for);
  const folders = localFolders();
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  await using edge = edgeClient(folders, await zoneStatuses(folders), CONNECTIONS);
  const offered = await wares(edge, WARES_MAX);
  using line = new LiveLine(process.stderr);
  const people = await shopperCredentials(folders.state, options.accounts);
  const sessions = await signInAll(edge, people, ({ done }) =>
    line.show(`${done} of ${people.length} shoppers have signed in`),
  );
  const report = await runShop({
    ...{ edge, sessions, seconds, wares: offered, seed: options.seed },
    ...{ ratePerSecond: options.rate, signal: stop.signal, hurry: stop.signal },
    onProgress: (now) => line.show(summary(now)),
  });
  if (options.json === true) printJson<'shop'>(report);
  else process.stdout.write(`${told(report)}\n`);
  return report.orders.lost.length === 0 ? 0 : 1;
}

function summary({
  seconds,
  visits,
  requestsPerSecond,
  latencyMs,
  failures,
  orders,
}: ShopReport): string {
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  return [
    `${seconds.toFixed(0)} s`,
    `${visits} shoppers`,
    `${requestsPerSecond.toFixed(0)} requests/s`,
    `p50 ${latencyMs.p50.toFixed(0)} ms, p99 ${latencyMs.p99.toFixed(0)} ms`,
    `orders: ${orders.confirmed} confirmed, ${orders.cancelled} cancelled, ${orders.underWay} under way`,
    `${failed} failures`,
  ].join(' | ');
}

function told(report: ShopReport): string {
  const { orders, failures, cartsAbandoned, latencyMs } = report;
  const failed = Object.entries(failures).map(([what, count]) => `  ${count} × ${what}`);
  return [
    summary(report),
    `p95 ${latencyMs.p95.toFixed(0)} ms, max ${latencyMs.max.toFixed(0)} ms; ${cartsAbandoned} carts abandoned`,
    `${orders.acknowledged} orders acknowledged, ${orders.lost.length} of them lost${orders.lost.length === 0 ? '' : `: ${orders.lost.join(', ')}`}`,
    ...(failed.length === 0 ? [] : ['Not answered with a success:', ...failed]),
  ].join('\n');
}
