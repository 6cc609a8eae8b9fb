import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Outbox } from '@meridian/kit/events/outbox.ts';
import { uuidV7 } from '@meridian/kit/events/uuid-v7.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { DatabaseProcess } from '@meridian/kit/postgres/testing/database-world.ts';
import { EffectStore } from './effect-store.ts';
import type { OrderChanges } from './order-changes.ts';
import { decide } from './saga/decide.ts';
import { Sagas } from './sagas.ts';
import { Random } from './simulation/random.ts';
import { someMessage } from './testing/some-message.ts';

const HISTORIES = 25;
const LENGTH = 25;
const LINE = {
  ...{ productId: '00000000-0000-4000-8000-000000000001', name: 'Thing' },
  ...{ quantity: 2, unitMinorUnits: 500n },
};
let world: DatabaseWorld;
let opened: DatabaseProcess;
let sagas: Sagas;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  await world.createDatabase('orders', 'services/orders/migrations');
  opened = await world.open('orders');
  const nobody = {
    ...{ wentOn: () => undefined, changed: () => undefined },
    ...{ asked: () => undefined, unexpected: () => undefined },
  };
  sagas = new Sagas(opened.database, new Outbox<never>(() => undefined), nobody);
}, 90_000);

afterAll(() => world.close());

const inChanges = <T>(work: (changes: OrderChanges) => Promise<T>): Promise<T> =>
  opened.database.transaction((transaction) => work(sagas.changes(transaction)));

test('after random histories the database holds what the pure saga says, and each version has one event', async () => {
  const phases = new Set<string>();
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    const random = new Random(seed);
    const orderId = uuidV7();
    const placed = await inChanges((changes) =>
      changes.place({
        ...{ orderId, accountId: 'alice', currencyCode: 'EUR', totalMinorUnits: 1_000n },
        ...{ lines: [LINE], paymentMethodToken: 'tok_ok' },
      }),
    );
    let expected = { ...placed.saga };
    for (let step = 0; step < LENGTH; step += 1) {
      const message = someMessage(expected, random);
      const decision = decide(expected, message);
      if (!('refused' in decision)) expected = decision.saga;
      const found = await inChanges(async (changes) => {
        const order = await changes.lock(orderId);
        if (order === undefined) throw new Error('the order is gone');
        await changes.apply(order, message);
        return changes.lock(orderId);
      });
      expect(found?.saga).toEqual(expected);
      phases.add(expected.phase);
    }
    const effects = await new EffectStore(opened.database).list(orderId);
    expect(effects.map(({ sequence }) => Number(sequence))).toEqual(
      Array.from({ length: expected.lastSequence }, (_, index) => index + 1),
    );
    const told = await opened.database.query<{ told: boolean }>({
      name: 'told',
      text: `SELECT array_agg(outbox.version ORDER BY outbox.version)
                      = array(SELECT generate_series(1, max(orders.version))) AS told
             FROM outbox JOIN orders ON orders.order_id::text = outbox.key WHERE key = $1`,
      values: [orderId],
    });
    expect(told).toEqual([{ told: true }]);
  }
  expect(phases.size).toBe(9);
}, 60_000);

test('what the program may not do, the database refuses', async () => {
  const { database } = opened;
  const orderId = uuidV7();
  await inChanges((changes) =>
    changes.place({
      ...{ orderId, accountId: 'alice', currencyCode: 'EUR', totalMinorUnits: 1_000n },
      ...{ lines: [LINE], paymentMethodToken: 'tok_ok' },
    }),
  );
  const capture = `INSERT INTO order_effects (order_id, sequence, kind, order_version, due_at)
                   VALUES ('${orderId}', $1, 'CAPTURE_PAYMENT', 1, now())`;
  await database.query({ name: 'capture', text: capture, values: [2] });
  const refused = (text: string, values: readonly unknown[] = []) =>
    expect(database.query({ name: text.slice(0, 60), text, values })).rejects.toThrow();
  await refused(capture, [3]);
  await refused(`UPDATE orders SET phase = 'confirmed' WHERE order_id = '${orderId}'`);
  await refused(`UPDATE orders SET refunded_minor_units = 1 WHERE order_id = '${orderId}'`);
  await refused(`UPDATE orders SET cancel_cause = 'CUSTOMER' WHERE order_id = '${orderId}'`);
});
