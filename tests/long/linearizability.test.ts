import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cacheFolder } from '../../tools/engines/cache.ts';
import { engineVersions } from '../../tools/engines/versions.ts';
import { Random } from '../../services/catalog/seed/random.ts';
import { killAndHeal } from '../end-to-end/fault.ts';
import { expectSuccess, PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { last, Shopper } from '../end-to-end/shopper.ts';
import type { Order, Product } from '../end-to-end/shopper.ts';

const minutes = 60_000;

/** An operation as tools/engines/stock-judge reads it; times are nanoseconds. */
interface Operation {
  readonly client: number;
  readonly call: number;
  readonly return: number;
  readonly kind: 'read' | 'adjust' | 'buy';
  readonly units: number;
  readonly outcome: 'done' | 'refused' | 'unknown';
  readonly available: number;
}

type Came = Pick<Operation, 'outcome'> & { readonly available?: number };

/** Later than anything that happens: what is unknown may still happen then. */
const NEVER = Number.MAX_SAFE_INTEGER;
const INITIAL = 30;
const CLIENTS = 4;
const STEPS = 25;

function judged(operations: readonly Operation[]): string {
  const { version } = engineVersions['stock-judge'];
  const file = path.join(cacheFolder(), 'stock-judge', version, 'bin/stock-judge');
  const input = JSON.stringify({ initial: INITIAL, operations });
  const { status, stdout, stderr } = spawnSync(file, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The judge ended with ${status}: ${stderr}`);
  return stdout.trim();
}

const stockOf = (body: string): number => {
  const { onHand = 0, reserved = 0 } = JSON.parse(body) as { onHand?: number; reserved?: number };
  return onHand - reserved;
};

/** Clients of one product, whose every step is written down. */
class Clients {
  readonly operations: Operation[] = [];
  readonly #product: string;
  readonly #merchant: Shopper;
  readonly #shopper: Shopper;

  constructor(product: string, merchant: Shopper, shopper: Shopper) {
    this.#product = product;
    this.#merchant = merchant;
    this.#shopper = shopper;
  }

  /** Takes a step that chance decides. */
  async step(client: number, random: Random): Promise<void> {
    const units = random.integer(1, 4);
    const die = random.integer(1, 10);
    if (die <= 5) await this.#note(client, 'buy', units, () => this.#buy(units));
    else if (die <= 8) await this.#note(client, 'read', 0, () => this.#read());
    else await this.#note(client, 'adjust', units - 2, () => this.#adjust(units - 2));
  }

  async #note(
    client: number,
    kind: Operation['kind'],
    units: number,
    ask: () => Promise<Came>,
  ): Promise<void> {
    if (kind === 'adjust' && units === 0) return;
    const call = Number(process.hrtime.bigint());
    // A connection that breaks leaves open what became of the request.
    const { outcome, available = 0 } = await ask().catch((): Came => ({ outcome: 'unknown' }));
    const end = outcome === 'unknown' ? NEVER : Number(process.hrtime.bigint());
    this.operations.push({ client, call, return: end, kind, units, outcome, available });
  }

  async #read(): Promise<Came> {
    const { status, body } = await this.#merchant.get(`/v1/products/${this.#product}/stock`);
    return status === 200 ? { outcome: 'done', available: stockOf(body) } : { outcome: 'unknown' };
  }

  async #adjust(difference: number): Promise<Came> {
    const target = `/v1/products/${this.#product}/stock:adjust`;
    const { status, body } = await this.#merchant.post(target, { difference });
    if (status === 200) return { outcome: 'done', available: stockOf(body) };
    return { outcome: status < 500 ? 'refused' : 'unknown' };
  }

  async #buy(quantity: number): Promise<Came> {
    const items = [{ productId: this.#product, quantity }];
    const body = { items, paymentMethodToken: 'tok_ok' };
    const answer = await this.#shopper.post('/v1/orders', body, randomUUID());
    if (answer.status !== 201) return { outcome: 'unknown' };
    const order = JSON.parse(answer.body) as Order;
    const ended = last(
      await this.#shopper.follow(order, 'ORDER_STATUS_CONFIRMED', 'ORDER_STATUS_CANCELLED'),
    );
    return { outcome: ended.status === 'ORDER_STATUS_CONFIRMED' ? 'done' : 'refused' };
  }
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
  let merchant: Shopper;

  beforeAll(async () => {
    platform = await PlatformUnderTest.create();
    expectSuccess(await platform.run(['up', ...platform.ports]));
    merchant = await Shopper.withRole(platform, 'merchant');
  }, 5 * minutes);
  afterAll(async () => {
    await platform.run(['destroy', '--yes']);
    await platform.dispose();
  }, 5 * minutes);

  test.each([
    ['undisturbed', 1, () => Promise.resolve()],
    ['while catalog is killed', 2, () => kill('catalog-b-0')],
    ['while orders is killed', 3, () => kill('orders-b-0')],
    ['while PostgreSQL is killed', 4, () => kill('postgres', 'a')],
  ])(
    'is linearizable: %s',
    async (_title, seed, disturb) => {
      const product = {
        ...{ sku: `JUDGED-${seed}`, name: 'Judged', category: 'judged', brand: 'Meridian' },
        ...{ price: { currencyCode: 'EUR', minorUnits: '100' }, stock: INITIAL },
      };
      const created = await merchant.post('/v1/products', product);
      expect(created.status).toBe(201);
      const { productId } = JSON.parse(created.body) as Product;
      const clients = new Clients(productId, merchant, await Shopper.register(platform, 'judge'));
      const work = Array.from({ length: CLIENTS }, async (_, client) => {
        const random = new Random(seed * CLIENTS + client);
        for (let step = 0; step < STEPS; step += 1) await clients.step(client, random);
      });
      await Promise.all([...work, disturb()]);
      const outcomes = new Set(clients.operations.map(({ outcome }) => outcome));
      expect(outcomes).toContain('done');
      expect(judged(clients.operations)).toBe('linearizable');
    },
    10 * minutes,
  );

  async function kill(name: string, zone = 'b'): Promise<void> {
    await killAndHeal(platform, { zone, name });
  }
});
