import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cacheFolder } from '../../tools/engines/cache.ts';
import { engineVersions } from '../../tools/engines/versions.ts';
import { Random } from '../../services/catalog/seed/random.ts';
import { killAndHeal } from '../end-to-end/fault.ts';
import type { Victim } from '../end-to-end/fault.ts';
import { eventually } from '../end-to-end/platform-under-test.ts';
import type { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { Shopper } from '../end-to-end/shopper.ts';
import type { Product } from '../end-to-end/shopper.ts';
import { StockClients } from './stock-clients.ts';
import type { Operation } from './stock-clients.ts';
import { endPlatform, startPlatform } from './start-platform.ts';

const minutes = 60_000;

const INITIAL = 30;
const CLIENTS = 4;
const STEPS = 25;
/** Operations that come to an end between one kill and the next. */
const KNOWN_BETWEEN_KILLS = 4;

function judged(operations: readonly Operation[]): string {
  const { version } = engineVersions['stock-judge'];
  const file = path.join(cacheFolder(), 'stock-judge', version, 'bin/stock-judge');
  const input = JSON.stringify({ initial: INITIAL, operations });
  const { status, stdout, stderr } = spawnSync(file, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The judge ended with ${status}: ${stderr}`);
  return stdout.trim();
}

test('a history in which a unit is sold twice is not linearizable', () => {
  const sold = { kind: 'buy', units: 20, outcome: 'done', available: 0 } as const;
  const twice: Operation[] = [
    { client: 0, call: 1, return: 4, ...sold },
    { client: 1, call: 2, return: 3, ...sold },
  ];
  expect(judged(twice)).toBe('not linearizable');
  expect(judged(twice.slice(1))).toBe('linearizable');
});

/** Histories through the public API, judged by an outside checker. */
describe('the stock of one product', () => {
  let platform: PlatformUnderTest;

  beforeAll(async () => {
    platform = await startPlatform();
  }, 15 * minutes);
  afterAll(() => endPlatform(platform), 15 * minutes);

  test.each([
    ['undisturbed', 1, []],
    ['while catalog is killed', 2, everywhere('catalog')],
    ['while orders is killed', 3, everywhere('orders')],
    ['while PostgreSQL is killed', 4, [{ zone: 'a', name: 'postgres' }]],
  ])(
    'is linearizable: %s',
    async (title, seed, victims) => {
      const merchant = await Shopper.withRole(platform, 'merchant');
      const product = {
        ...{ sku: `JUDGED-${seed}`, name: 'Judged', category: 'judged', brand: 'Meridian' },
        ...{ price: { currencyCode: 'EUR', minorUnits: '100' }, stock: INITIAL },
      };
      const created = await merchant.post('/v1/products', product);
      expect(created.status).toBe(201);
      const { productId } = JSON.parse(created.body) as Product;
      const clients = new StockClients(
        productId,
        merchant,
        await Shopper.register(platform, 'judge'),
      );
      const over = new AbortController();
      const work = Array.from({ length: CLIENTS }, async (_, client) => {
        const random = new Random(seed * CLIENTS + client);
        for (let step = 0; step < STEPS; step += 1) await clients.step(client, random);
      });
      const disturbed = disturb(victims, clients, over.signal);
      await Promise.all(work).finally(() => over.abort());
      const kills = await disturbed;
      const outcomes = clients.operations.map(({ outcome }) => outcome);
      process.stderr.write(`${title}: ${kills} kills, ${tally(outcomes)}\n`);
      expect(kills).toBeGreaterThanOrEqual(victims.length);
      expect(outcomes).toContain('done');
      expect(judged(clients.operations)).toBe('linearizable');
    },
    10 * minutes,
  );

  /** Kills one after the other, again and again, each once clients have got on since the one before it. */
  async function disturb(
    victims: readonly Victim[],
    clients: StockClients,
    over: AbortSignal,
  ): Promise<number> {
    let kills = 0;
    for (; victims.length > 0 && !over.aborted; kills += 1) {
      const victim = victims[kills % victims.length];
      if (victim !== undefined) await killAndHeal(platform, victim);
      const before = clients.known;
      await eventually(
        () => over.aborted || clients.known >= before + KNOWN_BETWEEN_KILLS,
        Boolean,
        5 * minutes,
      );
    }
    return kills;
  }
});

function everywhere(service: string): readonly Victim[] {
  return ['a', 'b', 'c'].map((zone) => ({ zone, name: `${service}-${zone}-0` }));
}

function tally(outcomes: readonly string[]): string {
  const kinds = [...new Set(outcomes)].sort();
  return kinds
    .map((kind) => `${outcomes.filter((outcome) => outcome === kind).length} ${kind}`)
    .join(', ');
}
