import type { Clients } from '@meridian/kit/clients.ts';
import { AGGREGATE_KINDS } from './aggregates.ts';
import { largestPage } from './pages.ts';
import type { AuditedService } from './reconcile.ts';
import type { ListRows } from './rows.ts';
import type { auditReconciliation } from './task.ts';

/** Clients of the services whose rows are read. */
export type RowClients = Omit<Clients<typeof auditReconciliation>, 'audit'>;

/** A page of rows by the name of their kind. */
type Listing = (
  clients: RowClients,
  page: { readonly pageSize: number; readonly pageToken: string },
  options: { readonly signal: AbortSignal },
) => ReturnType<ListRows>;

const LISTINGS: Readonly<Record<string, Listing>> = {
  product: async ({ catalog }, page, options) => {
    const { products: rows, nextPageToken: next } = await catalog.listAllProducts(page, options);
    return { rows, next };
  },
  reservation: async ({ catalog }, page, options) => {
    const answer = await catalog.listReservations(page, options);
    return { rows: answer.reservations, next: answer.nextPageToken };
  },
  stock: async ({ catalog }, page, options) => {
    const { stock: rows, nextPageToken: next } = await catalog.listStock(page, options);
    return { rows, next };
  },
  account: async ({ identity }, page, options) => {
    const { accounts: rows, nextPageToken: next } = await identity.listAccounts(page, options);
    return { rows, next };
  },
  order: async ({ orders }, page, options) => {
    const { orders: rows, nextPageToken: next } = await orders.listAllOrders(page, options);
    return { rows, next };
  },
  payment: async ({ payments }, page, options) => {
    const { payments: rows, nextPageToken: next } = await payments.listPayments(page, options);
    return { rows, next };
  },
};

/**
 * The services whose rows are held against the trail.
 *
 * @param own SPIFFE ID of this process, whose trust domain and namespace are theirs
 */
export function auditedServices(
  clients: RowClients,
  own: string,
  options: { readonly signal: AbortSignal },
): readonly AuditedService[] {
  const names = [...new Set(AGGREGATE_KINDS.map(({ service }) => service))];
  return names.map((name) => ({
    name,
    source: `${own.slice(0, own.lastIndexOf('/') + 1)}${name}`,
    kinds: AGGREGATE_KINDS.filter(({ service }) => service === name).map((kind) => {
      const listing = LISTINGS[kind.name];
      if (listing === undefined) throw new Error(`Nobody lists each ${kind.name}`);
      const list: ListRows = (pageToken) =>
        largestPage((pageSize) => listing(clients, { pageSize, pageToken }, options));
      return { kind, list };
    }),
  }));
}
