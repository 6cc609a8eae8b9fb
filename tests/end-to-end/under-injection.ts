import { expect } from '@jest/globals';
import { faultsIn } from './answer-under-trouble.ts';
import type { Heard } from './answer-under-trouble.ts';
import type { Injection } from './injection.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';
import { acknowledgedStocks, publishedStocks, shownStocks } from './published.ts';
import { readWhile } from './reading.ts';
import { shopWhile } from './shopping.ts';
import { expectSoundBooks } from './sound-books.ts';
import { writeWhile } from './writing.ts';

const WRITERS = 4;

/**
 * Lets injections happen while merchants write and others read, and holds what they heard and what
 * became of it against what they were told: each acknowledged write is there, once and in order.
 */
export async function expectTrust(
  platform: PlatformUnderTest,
  password: string,
  injections: readonly Injection[],
): Promise<void> {
  await using writing = writeWhile(platform, password, WRITERS);
  await using reading = readWhile(platform, ['/v1/products?page_size=1', '/openapi.json']);
  const faults: Record<string, readonly string[]> = {};
  for (const { name, happens, explains } of injections) {
    const [written, read] = [writing.heard.length, reading.heard.length];
    await happens(platform, writing);
    const heard = [...writing.heard.slice(written), ...reading.heard.slice(read)];
    faults[name] = faultsIn(heard, explains);
  }
  const products = await writing.end();
  await reading.end();
  expect(await publishedStocks(platform, products)).toEqual(acknowledgedStocks(products));
  const last = products.map(({ productId, stock }): [string, number] => [productId, stock]);
  expect(await shownStocks(platform, products)).toEqual(new Map(last));
  expect(faults).toEqual(Object.fromEntries(injections.map(({ name }) => [name, []])));
}

/**
 * Lets injections happen while shoppers buy, and holds what became of it against what they were told: each
 * acknowledged order is there and comes to an end, every answer is a success or tells when to come again,
 * and goods and money add up.
 */
export async function expectSoundPurchases(
  platform: PlatformUnderTest,
  injections: readonly Injection[],
  seed: number,
): Promise<void> {
  await using shopping = await shopWhile(platform, seed);
  const faults: Record<string, readonly string[]> = {};
  for (const { name, happens, explains } of injections) {
    const before = shopping.heard.length;
    await happens(platform, shopping);
    faults[name] = faultsIn(shopping.heard.slice(before).filter(isNotOfTheOrder), explains);
  }
  const { orders } = await shopping.end();
  expect(orders).toMatchObject({ lost: [], underWay: 0, acknowledged: shopping.count });
  await expectSoundBooks(platform);
  expect(faults).toEqual(Object.fromEntries(injections.map(({ name }) => [name, []])));
}

/** What a shopper is told of the order itself, as of one that cannot be cancelled any more, is not of trouble. */
function isNotOfTheOrder(heard: Heard): boolean {
  return 'broken' in heard || heard.status !== 409;
}
