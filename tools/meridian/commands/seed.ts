import { Random } from '@meridian/catalog/seed/random.ts';
import { LiveLine } from '../../shop/live-line.ts';
import { edgeClient, wares } from '../../shop/open-shop.ts';
import { placeHistory } from '../../shop/order-history.ts';
import { FAVOURITES_EXPONENT, Popularity } from '../../shop/popularity.ts';
import { shopperCredentials } from '../../shop/shoppers.ts';
import { signInAll } from '../../shop/sign-in-all.ts';
import { printJson } from '../output/print-json.ts';
import type { Output } from '../output/schemas.ts';
import { localFolders } from '../places.ts';
import { findTask, runTask } from '../run-task.ts';
import { zoneStatuses } from '../zones.ts';

const task = 'catalogue-seed';

/** Options of `npm run seed`. */
export interface SeedOptions {
  /** How many products. */
  readonly products: number;
  /** How many shoppers. */
  readonly accounts: number;
  /** How many orders they have together. */
  readonly orders: number;
  readonly json?: boolean;
}

/** Those of which orders are. */
const WARES_MAX = 1000;
const CONNECTIONS = 16;
const SEED = 1;

/**
 * Loads the generated catalogue through catalog's gRPC API, as the declared client `catalogue-seed`, and
 * has generated shoppers open accounts and buy, through the edge. What is there already stays: a
 * repetition adds only what is missing.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, EDGE_ANSWER_UNEXPECTED
 */
export async function seed(options: SeedOptions): Promise<number> {
  const quiet = options.json === true;
  const home = await findTask(task);
  const exitCode = await runTask(home, task, [String(options.products)], { quiet });
  if (exitCode !== 0) return exitCode;
  const done = await fill(options);
  if (quiet) printJson<'seed'>(done);
  else process.stdout.write(`${told(done)}\n`);
  return 0;
}

async function fill({ accounts, orders }: SeedOptions): Promise<Output<'seed'>> {
  const folders = localFolders();
  await using edge = edgeClient(folders, await zoneStatuses(folders), CONNECTIONS);
  using line = new LiveLine(process.stderr);
  const people = await shopperCredentials(folders.state, accounts);
  let created = 0;
  const sessions = await signInAll(edge, people, (progress) => {
    created = progress.created;
    line.show(`${progress.done} of ${people.length} shoppers have accounts`);
  });
  const offered = await wares(edge, WARES_MAX);
  const random = new Random(SEED);
  const shelf = {
    ...{ random, wares: offered },
    popularity: new Popularity(offered.length, FAVOURITES_EXPONENT),
  };
  const histories = sessions.map((session, index) => ({
    session,
    orders: Math.floor((orders * (index + 1)) / accounts) - Math.floor((orders * index) / accounts),
  }));
  const startedAt = performance.now();
  const rate = (placed: number): number => placed / ((performance.now() - startedAt) / 1e3);
  const placed = await placeHistory(edge, histories, shelf, (count) =>
    line.show(`${count} orders placed (${rate(count).toFixed(0)} a second)`),
  );
  return {
    accounts: { there: people.length - created, created },
    orders: { placed, perSecond: rate(placed) },
  };
}

function told({ accounts, orders }: Output<'seed'>): string {
  return [
    `${accounts.created} shoppers have new accounts, ${accounts.there} had theirs`,
    orders.placed === 0
      ? 'Nobody is short of orders'
      : `${orders.placed} orders placed (${orders.perSecond.toFixed(0)} a second)`,
  ].join('\n');
}
