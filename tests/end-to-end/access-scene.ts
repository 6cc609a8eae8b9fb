import { randomUUID } from 'node:crypto';
import { COLUMNS } from '@meridian/language/access.ts';
import type { Whose } from '@meridian/language/access.ts';
import { openSession } from './merchant.ts';
import type { Session } from './merchant.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';
import { CONFIRMED, DECLINED, Shopper } from './shopper.ts';
import type { Order, Product } from './shopper.ts';

/** One of the columns of the table. */
export type Column = (typeof COLUMNS)[number];

/** What a request can name. */
export type Kind = 'account' | 'entry' | 'order' | 'product' | 'session' | 'unwanted product';

/** Somebody who asks. */
export interface Asker {
  readonly column: Column;
  /** Absent for whoever has no token. */
  readonly shopper?: Shopper;
  /** Another session than the one whose token is shown, to refresh and to end. */
  readonly spare: Session;
  /** An order of their own that waits for another means of payment, where they may place one. */
  readonly order?: Order;
}

/** Everybody who asks, and what there is to ask for. */
export interface Scene {
  readonly askers: readonly Asker[];
  /** Somebody else, who has bought something. */
  readonly bob: Shopper;
  readonly product: Product;
  /** The id of what a request is to name. */
  idOf(kind: Kind, whose: Whose, asker: Asker): string;
}

/** Somebody of each column, an order of each that may have one, and somebody else with all of it too. */
export async function setScene(platform: PlatformUnderTest): Promise<Scene> {
  const [customer, bob, { merchant, support, auditor }] = await Promise.all([
    Shopper.register(platform, 'customer'),
    Shopper.register(platform, 'bob'),
    staffOf(platform),
  ]);
  const [product, unwanted] = await Promise.all([offer(merchant), offer(merchant)]);
  const items = [{ productId: product.productId, quantity: 1 }];
  const refused = { paymentMethodToken: 'tok_insufficient_funds' };
  const [ofCustomer, ofMerchant, ofBob] = await Promise.all([
    placed(customer, items, DECLINED, refused),
    placed(merchant, items, DECLINED, refused),
    placed(bob, items, CONFIRMED),
  ]);
  const sessions: Session[] = [];
  // One after the other: each hashes a password, and a busy machine that has six to hash at once is not what this story is of.
  for (const { credentials } of [bob, bob, customer, merchant, support, auditor]) {
    sessions.push(await openSession(platform, credentials));
  }
  const [bobs, ...spares] = sessions;
  const people = { anonymous: undefined, customer, merchant, support, auditor };
  const orders = { customer: ofCustomer, merchant: ofMerchant };
  const askers = COLUMNS.map((column, index): Asker => {
    const [shopper, spare] = [people[column], spares[index]];
    if (spare === undefined) throw new Error(`No session for ${column}`);
    const order = Object.hasOwn(orders, column) ? orders[column as keyof typeof orders] : undefined;
    return {
      ...{ column, spare },
      ...(shopper === undefined ? {} : { shopper }),
      ...(order === undefined ? {} : { order }),
    };
  });
  const others = {
    ...{ account: bob.accountId, order: ofBob.orderId, session: bobs?.sessionId },
    // The first of the audit trail.
    entry: '0',
    ...{ product: product.productId, 'unwanted product': unwanted.productId },
  };
  return {
    ...{ askers, bob, product },
    idOf: (kind, whose, asker) => {
      if (whose === 'absent') return randomUUID();
      const id = whose === 'own' ? ownOf(kind, asker) : others[kind];
      if (id === undefined) throw new Error(`There is no ${kind} for ${asker.column} (${whose})`);
      return id;
    },
  };
}

/** One after the other, as the task that sets them up runs once at a time. */
async function staffOf(platform: PlatformUnderTest) {
  const merchant = await Shopper.withRole(platform, 'merchant');
  const support = await Shopper.withRole(platform, 'support');
  return { merchant, support, auditor: await Shopper.withRole(platform, 'auditor') };
}

function ownOf(kind: Kind, { shopper, spare, order }: Asker): string | undefined {
  switch (kind) {
    case 'account':
      return shopper?.accountId;
    case 'session':
      return spare.sessionId;
    case 'order':
      return order?.orderId;
    case 'entry':
    case 'product':
    case 'unwanted product':
      return undefined;
  }
}

async function offer(merchant: Shopper): Promise<Product> {
  const answer = await merchant.post('/v1/products', someProduct());
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.body}`);
  return JSON.parse(answer.body) as Product;
}

/** A product that nobody has yet. */
export function someProduct(): object {
  return {
    ...{
      sku: `ACCESS-${randomUUID()}`,
      name: 'Thing',
      category: 'access-story',
      brand: 'Meridian',
    },
    ...{ price: { currencyCode: 'EUR', minorUnits: '1000' }, stock: 100 },
  };
}

async function placed(
  shopper: Shopper,
  items: readonly object[],
  until: string,
  more: object = {},
): Promise<Order> {
  const order = await shopper.order(items, more);
  await shopper.follow(order, until);
  return order;
}
