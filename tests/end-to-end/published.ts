import { catalogEvents } from '@meridian/catalog/topics.ts';
import type { EventLine } from '../../tools/events/event-line.ts';
import { expectSuccess } from './platform-under-test.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';
import type { AcknowledgedProduct } from './writing.ts';

/** A relay that lost its broker or its session is back long before. */
const PATIENCE_MS = 60_000;

/** The stocks that were acknowledged of each product, in order: what `publishedStocks` is held against. */
export function acknowledgedStocks(
  products: readonly AcknowledgedProduct[],
): ReadonlyMap<string, readonly number[]> {
  return new Map(
    products.map(({ productId, stock }) => [
      productId,
      Array.from({ length: stock + 1 }, (_, index) => index),
    ]),
  );
}

/** The stock of each product as the edge tells it. */
export async function shownStocks(
  platform: PlatformUnderTest,
  products: readonly AcknowledgedProduct[],
): Promise<ReadonlyMap<string, number>> {
  const shown = products.map(async ({ productId }): Promise<[string, number]> => {
    const { status, body } = await platform.get(`/v1/products/${productId}`);
    if (status !== 200) throw new Error(`${status} ${body}`);
    return [productId, (JSON.parse(body) as { readonly stock?: number }).stock ?? 0];
  });
  return new Map(await Promise.all(shown));
}

/** Every event of the catalogue's topic, in the order of their partitions. */
export async function publishedEvents(platform: PlatformUnderTest): Promise<readonly EventLine[]> {
  const outcome = await platform.run(['events', catalogEvents.name, '--all', '--json']);
  expectSuccess(outcome);
  return outcome.stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EventLine);
}

/**
 * The stocks that the events of each product's stock tell, where each event appears first: what a consumer
 * with an inbox sees. Waits until there are as many as were acknowledged, or no more come.
 */
export async function publishedStocks(
  platform: PlatformUnderTest,
  products: readonly AcknowledgedProduct[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const expected = products.reduce((sum, { stock }) => sum + stock + 1, 0);
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const stocks = stocksOf(await publishedEvents(platform), products);
    const found = [...stocks.values()].reduce((sum, { length }) => sum + length, 0);
    if (found >= expected || Date.now() > deadline) return stocks;
  }
}

function stocksOf(
  events: readonly EventLine[],
  products: readonly AcknowledgedProduct[],
): ReadonlyMap<string, readonly number[]> {
  const seen = new Set<string | undefined>();
  const firsts = events.filter(({ id }) => seen.size < seen.add(id).size);
  return new Map(
    products.map(({ productId }) => [
      productId,
      firsts.filter(({ key }) => key === `${productId}/stock`).map(stockOf),
    ]),
  );
}

/** The JSON form of protobuf leaves a zero out. */
function stockOf({ data }: EventLine): number {
  const { stock } = data as unknown as { readonly stock: { readonly onHand?: number } };
  return stock.onHand ?? 0;
}
