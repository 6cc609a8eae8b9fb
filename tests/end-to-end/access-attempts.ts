import { randomUUID } from 'node:crypto';
import { someProduct } from './access-scene.ts';
import type { Asker, Kind, Scene } from './access-scene.ts';

/** How a public method is asked, beside verb and path, which its route says. */
export interface Attempt {
  /** What the variable of the route, or the query, names. @default nothing */
  readonly names?: Kind;
  readonly query?: (id: string) => string;
  readonly body?: (scene: Scene, asker: Asker) => object;
}

/** Whatever was told was told by then. */
const AFTER_ALL = '2200-01-01T00:00:00Z';

/**
 * How each public method is asked so that it does what it does, by its name in the contract, in this order
 * for every caller: an order that was cancelled cannot be paid, nor an account be read that was deleted.
 */
export const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  ListKeys: {},
  CreateAccount: {
    body: () => ({ email: `access-${randomUUID()}@example.com`, password: randomUUID() }),
  },
  CreateSession: { body: ({ bob }) => bob.credentials },
  RefreshSession: { body: (_scene, { spare }) => ({ refreshToken: spare.refreshToken }) },
  GetAccount: { names: 'account' },

  ListProducts: {},
  SearchProducts: { query: () => '?query=thing' },
  SuggestProducts: { query: () => '?prefix=thi' },
  GetProduct: { names: 'product' },
  CreateProduct: { body: someProduct },
  UpdateProduct: { names: 'product', body: () => ({ brand: 'Another' }) },
  GetStock: { names: 'product' },
  AdjustStock: { names: 'product', body: () => ({ difference: 1 }) },
  DiscontinueProduct: { names: 'unwanted product', body: () => ({}) },

  CreateOrder: {
    body: ({ product: { productId } }) => ({
      items: [{ productId, quantity: 1 }],
      paymentMethodToken: 'tok_ok',
    }),
  },
  GetOrder: { names: 'order' },
  ListOrders: { names: 'account', query: (id) => `?accountId=${id}` },
  PayOrder: { names: 'order', body: () => ({ paymentMethodToken: 'tok_ok' }) },
  RefundOrder: {
    names: 'order',
    body: () => ({ amount: { currencyCode: 'EUR', minorUnits: '1' } }),
  },
  CancelOrder: { names: 'order', body: () => ({}) },

  GetCheckpoint: {},
  ListCheckpoints: {},
  ListLogKeys: {},
  ListEntries: {},
  GetEntry: { names: 'entry' },
  GetStateAt: {
    names: 'order',
    query: (id) =>
      `?source=spiffe://meridian.local/ns/meridian/sa/orders&subject=${id}&time=${AFTER_ALL}`,
  },
  GetInclusionProof: { names: 'entry' },
  GetConsistencyProof: { query: () => '?oldTreeSize=1' },
  ListReads: {},
  GetTile: { names: 'entry', query: () => '?width=1' },
  ListLeaves: {},

  RevokeSession: { names: 'session' },
};

/** What ends the account that asks, or is asked for: when everything else has been asked. */
export const LAST_ATTEMPTS: Readonly<Record<string, Attempt>> = {
  DeleteAccount: { names: 'account' },
};
