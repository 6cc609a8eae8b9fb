import { randomUUID } from 'node:crypto';
import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { createClients } from '@meridian/kit/clients.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { orders } from '@meridian/orders/service.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { KnownZone } from '../../meridian/zones.ts';
import { edgeClient, unexpected } from '../../shop/open-shop.ts';
import { shopperCredentials } from '../../shop/shoppers.ts';
import { signInAll } from '../../shop/sign-in-all.ts';
import { durationsOf } from '../durations.ts';
import type { Durations } from '../durations.ts';
import { startServiceRuntime } from '../service-runtime.ts';
import { measureHotOrders } from './hot-orders.ts';
import type { HotOrders } from './hot-orders.ts';

/** How hard one product is wanted. */
export interface HotProductOptions {
  readonly seconds: number;
  /** Reservations, and then orders, under way at once. */
  readonly atOnce: number;
}

/** Reservations of one product by many, as fast as catalog takes them, and then whole orders. */
export interface HotProduct {
  readonly productId: string;
  readonly atOnce: number;
  readonly reservations: number;
  readonly perSecond: number;
  readonly reserve: Durations;
  readonly release: Durations;
  /** By as many customers. */
  readonly orders: HotOrders;
}

const PRODUCTS_MAX = 1_000;
const TIMEOUT_MS = 10_000;

/**
 * Reserves one unit after the other of the product that there is most of, as orders does: with its
 * certificate, straight from catalog. It ends with the time, or when the product is reserved up; then
 * everything is released, and as many customers order it through the edge.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, CATALOGUE_EMPTY, EDGE_ANSWER_UNEXPECTED
 */
export async function measureHotProduct(
  folders: Folders,
  zones: readonly KnownZone[],
  options: HotProductOptions,
): Promise<HotProduct> {
  const productId = await mostPlentiful(folders, zones);
  const reserved = await reservations(folders, zones, { productId, ...options });
  await using edge = edgeClient(folders, zones, options.atOnce);
  const people = await shopperCredentials(folders.state, options.atOnce);
  const customers = await signInAll(edge, people, () => undefined);
  const { seconds } = options;
  return { ...reserved, orders: await measureHotOrders(edge, customers, { productId, seconds }) };
}

async function reservations(
  folders: Folders,
  zones: readonly KnownZone[],
  { productId, seconds, atOnce }: HotProductOptions & { readonly productId: string },
): Promise<Omit<HotProduct, 'orders'>> {
  const runtime = await startServiceRuntime('orders', folders, zones);
  try {
    const contracts = { catalog: CatalogService };
    const { catalog } = createClients<typeof orders, 'catalog'>(runtime, contracts);
    const ids: string[] = [];
    const lines = [{ productId, quantity: 1 }];
    const reserveOne = async (): Promise<boolean> => {
      const reservationId = randomUUID();
      const request = { reservationId, lines };
      const { reservation } = await catalog.reserveStock(request, { timeoutMs: TIMEOUT_MS });
      if (reservation !== undefined) ids.push(reservationId);
      return reservation !== undefined;
    };
    const startMs = performance.now();
    const reserved = await byMany(
      atOnce,
      () => performance.now() - startMs < seconds * 1_000,
      reserveOne,
    );
    const elapsedMs = performance.now() - startMs;
    const count = ids.length;
    const released = await byMany(
      atOnce,
      () => ids.length > 0,
      async () => {
        const reservationId = ids.pop() ?? '';
        await catalog.releaseReservation({ reservationId }, { timeoutMs: TIMEOUT_MS });
        return true;
      },
    );
    return {
      productId,
      atOnce,
      reservations: count,
      perSecond: count / (elapsedMs / 1_000),
      reserve: durationsOf(reserved),
      release: durationsOf(released),
    };
  } finally {
    await runtime.stop();
  }
}

interface Listed {
  readonly productId: string;
  readonly price: { readonly minorUnits: string };
  /** The JSON form of protobuf leaves a zero out. */
  readonly stock?: number;
}

/** Among the first products; what costs nothing cannot be ordered by itself. */
async function mostPlentiful(folders: Folders, zones: readonly KnownZone[]): Promise<string> {
  await using edge = edgeClient(folders, zones, 1);
  const found: Listed[] = [];
  let token = '';
  do {
    const query = `page_size=100&page_token=${encodeURIComponent(token)}`;
    const answer = await edge.ask({ method: 'GET', path: `/v1/products?${query}` });
    if (answer.status !== 200) throw unexpected('The list of products', answer);
    const page = answer.body as {
      readonly products?: readonly Listed[];
      readonly nextPageToken?: string;
    };
    found.push(...(page.products ?? []).filter(({ price }) => price.minorUnits !== '0'));
    token = page.nextPageToken ?? '';
  } while (token !== '' && found.length < PRODUCTS_MAX);
  const [most] = found.toSorted((a, b) => (b.stock ?? 0) - (a.stock ?? 0));
  if (most?.stock === undefined) {
    throw new CodedError(
      'CATALOGUE_EMPTY',
      "Benchmark: there must be a product on hand, got none; load some with 'npm run seed' first.",
    );
  }
  return most.productId;
}

/** Does work again and again, some of it at once, while it goes on and succeeds; milliseconds of each. */
async function byMany(
  atOnce: number,
  goesOn: () => boolean,
  work: () => Promise<boolean>,
): Promise<readonly number[]> {
  const samples: number[] = [];
  const worker = async (): Promise<void> => {
    while (goesOn()) {
      const startMs = performance.now();
      const succeeded = await work();
      samples.push(performance.now() - startMs);
      if (!succeeded) break;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return samples;
}
