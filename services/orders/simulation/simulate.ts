import { ReservationStatus } from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import { Orders } from './orders.ts';
import type { Row } from './orders.ts';
import { Peers } from './peers.ts';
import { SETTLED_MS, TROUBLE_MS, World } from './world.ts';
import type { Bug } from './world.ts';

/** What a run came to. */
export interface Run {
  /** How orders ended, such as `confirmed`. */
  readonly ends: readonly string[];
  /** What must never be; none, always. */
  readonly violations: readonly string[];
  readonly trace: readonly string[];
}

const PRICE = 1_000;

/** Runs some orders of a shop through everything that can go wrong; the same seed is the same run. */
export function simulate(
  seed: number,
  options: { readonly bug?: Bug; readonly traces?: boolean } = {},
): Run {
  const world = new World(seed, options);
  const peers = new Peers(world);
  const orders = new Orders(world, peers);
  for (const productId of ['a', 'b']) {
    peers.catalog({ method: 'createProduct', productId, onHand: world.random.integer(0, 4) });
  }
  planShopping(world, orders);
  planTrouble(world, orders, peers);
  world.schedule.runUntil(SETTLED_MS);
  peers.catalog({ method: 'sweep' });
  for (const row of orders.rows.values()) check(world, orders, peers, row);
  const ends = [...orders.rows.values()].map(({ saga }) => saga.phase);
  return { ends, violations: world.violations, trace: world.trace };
}

function planShopping({ random, schedule }: World, orders: Orders): void {
  for (let number = 1; number <= random.integer(2, 4); number += 1) {
    const orderId = `order-${number}`;
    const quantity = random.integer(1, 2);
    const products = random.pick(['a'], ['b'], ['a', 'b']);
    const lines = products.map((productId) => ({ productId, quantity }));
    const total = BigInt(lines.length * quantity * PRICE);
    const placedMs = random.integer(0, TROUBLE_MS / 4);
    schedule.plan(placedMs, () => orders.place(orderId, total, lines));
    for (let time = random.integer(0, 4); time > 0; time -= 1) {
      const minorUnits = BigInt(random.integer(1, PRICE));
      const message = random.pick(
        { kind: 'pay' } as const,
        { kind: 'pay' } as const,
        { kind: 'cancel', cause: 'CUSTOMER' } as const,
        { kind: 'refund', minorUnits } as const,
      );
      const soon = random.chance(60);
      const afterMs = 1 + random.integer(0, soon ? 5_000 : TROUBLE_MS);
      schedule.plan(placedMs + afterMs, () => orders.ask(orderId, message));
    }
  }
}

/** Crashes, and jumps of the clocks of both databases, forward and back. */
function planTrouble({ random, schedule }: World, orders: Orders, peers: Peers): void {
  for (let time = random.integer(0, 5); time > 0; time -= 1) {
    schedule.plan(random.integer(0, TROUBLE_MS), () => orders.crash());
  }
  for (let time = random.integer(0, 2); time > 0; time -= 1) {
    const jumpMs = random.integer(-1_200_000, 1_800_000);
    const clock = random.pick<{ clockMs: number }>(orders, peers);
    schedule.plan(random.integer(0, TROUBLE_MS), () => void (clock.clockMs += jumpMs));
  }
}

/** What must hold of an order in the end. */
function check(world: World, orders: Orders, peers: Peers, row: Row): void {
  const { saga, history } = row;
  const { orderId, phase } = saga;
  const must = (holds: boolean, what: string): void => {
    if (!holds) world.violate(`${orderId} (${phase}): ${what}`);
  };
  const charge = peers.charges.get(orderId);
  const [captured, refunded] = [charge?.captured ?? 0, charge?.refunded ?? 0];
  const total = Number(saga.totalMinorUnits);
  const goods = peers.reservation(orderId);
  must(phase === 'confirmed' || phase === 'cancelled', 'must have ended');
  must(saga.open.length === 0, 'must have nothing left to do');
  must(captured === 0 || captured === total, `must be charged once, got ${captured} of ${total}`);
  must(refunded <= captured, 'must get back no more than was taken');
  must(Number(saga.capturedMinorUnits) === captured, 'must know what was taken');
  must(Number(saga.refundedMinorUnits) === refunded, 'must know what was given back');
  if (phase === 'confirmed') {
    must(captured === total, 'must be paid');
    must(goods === ReservationStatus.COMMITTED, 'must have its goods sold');
  } else {
    must(captured === refunded, 'must have its money back');
    must(goods !== ReservationStatus.COMMITTED, 'must have its goods back');
    const isFree = charge?.authorized !== true || captured > 0 || charge.freed;
    must(isFree, 'must have no amount set aside');
  }
  must(goods !== ReservationStatus.ACTIVE, 'must hold no stock');
  const told = [...(orders.published.get(orderId) ?? [])].sort(([a], [b]) => a - b);
  must(
    JSON.stringify(told) === JSON.stringify(history.map((status, index) => [index + 1, status])),
    'must have each version told as it was committed, and no other',
  );
}
