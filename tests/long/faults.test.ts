import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { catalogReplica, killed, stopped } from '../end-to-end/fault.ts';
import type { Victim } from '../end-to-end/fault.ts';
import { expectSuccess, PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { acknowledgedStocks, publishedStocks } from '../end-to-end/published.ts';
import { writeWhile } from '../end-to-end/writing.ts';

const minutes = 60_000;

type Choose = (platform: PlatformUnderTest) => Victim | Promise<Victim>;

const RELAY: Choose = (platform) => catalogReplica(platform, 'active');
const SERVICE: Choose = (platform) => catalogReplica(platform, 'waiting');
const at =
  (zone: string, name: string): Choose =>
  () => ({ zone, name });

/** Every process that a write depends on is killed and stopped while merchants write. */
describe('a platform on which processes break while merchants write', () => {
  let platform: PlatformUnderTest;
  let password: string;

  beforeAll(async () => {
    platform = await PlatformUnderTest.create();
    expectSuccess(await platform.run(['up', ...platform.ports]));
    expectSuccess(await platform.run(['merchant']));
    password = readFileSync(path.join(platform.state, 'credentials/merchant'), 'utf8');
  }, 5 * minutes);
  afterAll(async () => {
    await platform.run(['destroy', '--yes']);
    await platform.dispose();
  }, 5 * minutes);

  test.each<[string, typeof killed, Choose]>([
    ['the relay is killed', killed, RELAY],
    ['the relay hangs', stopped, RELAY],
    ['a replica of the service is killed', killed, SERVICE],
    ['a replica of the service hangs', stopped, SERVICE],
    ['the broker of zone a is killed', killed, at('a', 'kafka-a')],
    ['the broker of zone b is killed', killed, at('b', 'kafka-b')],
    ['the broker of zone c is killed', killed, at('c', 'kafka-c')],
    ['the broker of zone a hangs', stopped, at('a', 'kafka-a')],
    ['the broker of zone b hangs', stopped, at('b', 'kafka-b')],
    ['the broker of zone c hangs', stopped, at('c', 'kafka-c')],
    ['Redis is killed', killed, at('a', 'redis')],
    ['Redis hangs', stopped, at('a', 'redis')],
    ['a gateway is killed', killed, at('b', 'gateway-b-0')],
    ['a gateway hangs', stopped, at('b', 'gateway-b-0')],
    ['identity is killed in a zone', killed, at('a', 'identity-a-0')],
    ['PostgreSQL is killed', killed, at('a', 'postgres')],
  ])(
    'finds every acknowledged write once and in order in Kafka after %s',
    async (_name, happens, choose) => {
      await using writing = writeWhile(platform, password, 4);
      await happens(platform, writing, await choose(platform));
      const products = await writing.end();
      const stocks = await publishedStocks(platform, products);
      expect(stocks).toEqual(acknowledgedStocks(products));
      // What a merchant is told is to come again, never that the platform failed or that it is wrong.
      expect(writing.refusals.filter(({ status }) => ![0, 429, 503, 504].includes(status))).toEqual(
        [],
      );
    },
    8 * minutes,
  );
});
