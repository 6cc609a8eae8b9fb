import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import { eventually, expectSuccess } from '../platform-under-test.ts';
import type { Answer } from '../platform-under-test.ts';
import type { Ground } from '../ground.ts';
import { CANCELLED, CONFIRMED, DECLINED, last, Shopper } from '../shopper.ts';
import type { Order, Product } from '../shopper.ts';
import { expectSoundBooks } from '../sound-books.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

/** What a merchant sells in this story: enough of both, but for one test. */
const wares = ['Teak garden bench', 'Copper kettle'].map((name, index) => ({
  ...{ sku: `SHOP-${index + 1}`, name, category: 'shop-story', brand: 'Meridian', stock: 20 },
  price: { currencyCode: 'EUR', minorUnits: index === 0 ? '25000' : '4900' },
}));

export const shoppers: Story = {
  title: 'a shopper',
  always: true,
  tell: (ground) => {
    const scene: Scene = { offered: [] };
    beforeAll(async () => {
      const { platform } = ground;
      const merchant = await Shopper.withRole(platform, 'merchant');
      for (const ware of wares) {
        const answer = await merchant.post('/v1/products', ware, ware.sku);
        expect([answer.status, answer.body]).toEqual([201, expect.stringContaining(ware.sku)]);
        scene.offered.push(JSON.parse(answer.body) as Product);
      }
      scene.ann = await Shopper.register(platform, 'ann');
      scene.support = await Shopper.withRole(platform, 'support');
    }, MINUTES);
    tellOfSearch(ground, scene);
    tellOfPurchases(ground, scene);
    tellOfRefusals(ground, scene);
    tellOfTheBooks(ground, scene);
  },
};

/** Who and what the tests share. */
interface Scene {
  readonly offered: Product[];
  ann?: Shopper;
  support?: Shopper;
  bought?: Order;
}

function given<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('What this test builds upon did not happen');
  return value;
}

function tellOfSearch({ platform }: Ground, scene: Scene): void {
  test('finds a product that was just created, in spite of a typo', async () => {
    const [bench] = scene.offered;
    const written = `${given(bench).productId}@${given(bench).version}`;
    const answer = await platform.get(
      `/v1/search/products?query=${encodeURIComponent('teak gardne bench')}&written=${written}`,
    );
    expect(answer.status).toBe(200);
    const { hits } = JSON.parse(answer.body) as { hits: readonly { productId: string }[] };
    expect(hits.map(({ productId }) => productId)).toContain(given(bench).productId);
  }, 30_000);
}

function tellOfPurchases({ platform }: Ground, scene: Scene): void {
  const items = (...quantities: readonly number[]) =>
    quantities.map((quantity, index) => ({
      productId: given(scene.offered[index]).productId,
      quantity,
    }));

  test(
    'buys several things at the prices of the shop, and watches the order until it is confirmed',
    async () => {
      const ann = given(scene.ann);
      const placed = await ann.order(items(1, 2));
      expect(placed).toMatchObject({
        status: 'ORDER_STATUS_PENDING',
        total: { currencyCode: 'EUR', minorUnits: '34800' },
      });
      const seen = await ann.follow(placed, CONFIRMED, CANCELLED);
      expect(last(seen).status).toBe(CONFIRMED);
      scene.bought = last(seen);
      const stocks = await Promise.all(
        scene.offered.map(async ({ productId }) => {
          const { body } = await platform.get(`/v1/products/${productId}`);
          return (JSON.parse(body) as Product).stock;
        }),
      );
      expect(stocks).toEqual([19, 18]);
    },
    MINUTES,
  );

  test(
    'buys once however often the same order is sent, and 422 tells of another one under its key',
    async () => {
      const ann = given(scene.ann);
      const key = randomUUID();
      const body = { items: items(1), paymentMethodToken: 'tok_ok' };
      const answers = await Promise.all([1, 2].map(() => ann.post('/v1/orders', body, key)));
      const ids = answers
        .filter(({ status }) => status === 201)
        .map((answer) => (JSON.parse(answer.body) as Order).orderId);
      // The second of two at once may be told that the first is still at work.
      expect(answers.map(({ status }) => status).filter((status) => status !== 409)).toEqual(
        ids.map(() => 201),
      );
      expect(new Set(ids).size).toBe(1);
      const other = await ann.post('/v1/orders', { ...body, items: items(2) }, key);
      expect(other.status).toBe(422);
    },
    MINUTES,
  );

  test(
    'is told when the total is another one than was shown, and by how much',
    async () => {
      const wrong = { currencyCode: 'EUR', minorUnits: '1' };
      const body = { items: items(1), paymentMethodToken: 'tok_ok', expectedTotal: wrong };
      const answer = await given(scene.ann).post('/v1/orders', body);
      expect(answer.status).toBe(409);
      expect(JSON.parse(answer.body)).toMatchObject({
        type: 'https://meridian.example/problems/total-differs',
        metadata: { currencyCode: 'EUR', minorUnits: '25000' },
      });
    },
    MINUTES,
  );

  test(
    'pays by another means after the first was declined',
    async () => {
      const ann = given(scene.ann);
      const placed = await ann.order(items(1), { paymentMethodToken: 'tok_insufficient_funds' });
      const declined = last(await ann.follow(placed, DECLINED, CONFIRMED, CANCELLED));
      expect(declined).toMatchObject({ status: DECLINED, declineCode: 'insufficient_funds' });
      const paid = await ann.post(`/v1/orders/${placed.orderId}:pay`, {
        paymentMethodToken: 'tok_ok',
      });
      expect(paid.status).toBe(200);
      expect(last(await ann.follow(placed, CONFIRMED, CANCELLED)).status).toBe(CONFIRMED);
    },
    MINUTES,
  );

  test(
    'gets what a provider did that never answered: the order is confirmed once it is known',
    async () => {
      const ann = given(scene.ann);
      const placed = await ann.order(items(1), { paymentMethodToken: 'tok_timeout' });
      expect(last(await ann.follow(placed, CONFIRMED, CANCELLED)).status).toBe(CONFIRMED);
    },
    2 * MINUTES,
  );

  test(
    'cancels what was confirmed, and money and goods come back',
    async () => {
      const ann = given(scene.ann);
      const placed = await ann.order(items(2));
      await ann.follow(placed, CONFIRMED, CANCELLED);
      const cancelled = await ann.post(`/v1/orders/${placed.orderId}:cancel`, {
        reason: 'Too big',
      });
      expect(cancelled.status).toBe(200);
      const ended = last(await ann.follow(JSON.parse(cancelled.body) as Order, CANCELLED));
      expect(ended).toMatchObject({
        cancelCause: 'CANCEL_CAUSE_CUSTOMER',
        refunded: { minorUnits: '50000' },
      });
    },
    MINUTES,
  );
}

function tellOfRefusals({ platform }: Ground, scene: Scene): void {
  test(
    'gets nothing that is not there, and is told why',
    async () => {
      const ann = given(scene.ann);
      const [bench] = scene.offered;
      const placed = await ann.order([{ productId: given(bench).productId, quantity: 999 }]);
      const ended = last(await ann.follow(placed, CONFIRMED, CANCELLED));
      expect(ended).toMatchObject({ status: CANCELLED, cancelCause: 'CANCEL_CAUSE_OUT_OF_STOCK' });
    },
    MINUTES,
  );

  test(
    "sees their own orders only: another's is not there",
    async () => {
      const { orderId } = given(scene.bought);
      const bob = await Shopper.register(platform, 'bob');
      const asked: readonly [string, Answer][] = [
        ['read', await bob.get(`/v1/orders/${orderId}`)],
        ['cancel', await bob.post(`/v1/orders/${orderId}:cancel`, {})],
        ['pay', await bob.post(`/v1/orders/${orderId}:pay`, { paymentMethodToken: 'tok_ok' })],
      ];
      expect(asked.map(([what, { status }]) => [what, status])).toEqual([
        ['read', 404],
        ['cancel', 404],
        ['pay', 404],
      ]);
      expect((await bob.post(`/v1/orders/${orderId}:refund`, {})).status).toBe(403);
      const { body } = await bob.get('/v1/orders');
      expect((JSON.parse(body) as { orders?: readonly Order[] }).orders ?? []).toEqual([]);
    },
    MINUTES,
  );

  test(
    'is refunded by support, in parts and never more than was paid',
    async () => {
      const { orderId } = given(scene.bought);
      const support = given(scene.support);
      const refund = (minorUnits: string) =>
        support.post(`/v1/orders/${orderId}:refund`, {
          amount: { currencyCode: 'EUR', minorUnits },
        });
      expect((await refund('10000')).status).toBe(200);
      expect((await refund('24801')).status).toBe(409);
      expect((await refund('24800')).status).toBe(200);
      await eventually(
        async () => JSON.parse((await support.get(`/v1/orders/${orderId}`)).body) as Order,
        ({ refunded }) => refunded?.minorUnits === '34800',
      );
    },
    MINUTES,
  );
}

function tellOfTheBooks({ platform }: Ground, scene: Scene): void {
  test(
    'has a story: each state, and each call of the saga with what came of it',
    async () => {
      const { orderId } = given(scene.bought);
      const told = await platform.run(['order', orderId, '--json']);
      expectSuccess(told);
      const { rows } = JSON.parse(told.stdout) as {
        rows: readonly Readonly<Record<'kind' | 'event' | 'effect' | 'state', string>>[];
      };
      const effects = rows.flatMap(({ kind, effect }) => (kind === 'effect' ? [effect] : []));
      expect(effects.filter((effect) => effect !== 'AWAIT_EXPIRY').slice(0, 4)).toEqual([
        'RESERVE_STOCK',
        'AUTHORIZE_PAYMENT',
        'COMMIT_RESERVATION',
        'CAPTURE_PAYMENT',
      ]);
      expect(rows[0]).toMatchObject({ event: 'OrderPlaced', state: 'PENDING' });
      expect(rows.map(({ event }) => event)).toEqual(
        expect.arrayContaining(['ReservationChanged', 'PaymentChanged', 'OrderChanged']),
      );
      const unknown = await platform.run(['order', randomUUID()]);
      expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringMatching(/ORDER_UNKNOWN/)]);
    },
    MINUTES,
  );

  test(
    'leaves books that add up',
    async () => {
      const today = new Date().toISOString().slice(0, 10);
      await expectSoundBooks(platform);
      const reconciled = await platform.run(['payments', 'reconcile', '--date', today]);
      // What the provider says of the day is what the ledger says.
      expectSuccess(reconciled);
      expect(reconciled.stdout).toMatch(
        /^Statement of [0-9-]+: ([1-9][0-9]*) lines; ledger: \1 postings\nNothing differs\.\n$/,
      );
    },
    MINUTES,
  );
}
