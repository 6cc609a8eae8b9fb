import { currentScope } from '@meridian/kit/call-scope.ts';
import type { Outbox } from '@meridian/kit/events/outbox.ts';
import type { Transaction } from '@meridian/kit/postgres/database.ts';
import { ERROR_REASONS, errorWithReason } from '@meridian/kit/rpc/error-details.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { catalogEvents } from './topics.ts';
import { quote } from '@meridian/kit/rpc/field-violations.ts';
import { etagOf } from '@meridian/kit/rpc/versioned.ts';
import { discontinuedEvent, productEvent, stockEvent } from './events-of.ts';
import { isProductId } from './product-id.ts';
import { StockStore } from './stock-store.ts';
import type { StoredStock } from './stock-store.ts';
import { ProductStore } from './store.ts';
import type { ImportOutcome, ProductContent, ShownProduct, StoredProduct } from './store.ts';

/** A product that may be new, and the units on hand that it then has. */
export interface GivenProduct {
  readonly content: ProductContent;
  readonly onHand: number;
}

/** A change of one product, already checked. */
export interface ProductChange {
  readonly productId: string;
  /** The new values of the fields that change. */
  readonly content: Partial<ProductContent>;
  /** The etag that the product must have. @default any */
  readonly etag?: string;
}

/** Changes of products within one transaction, each with its event. */
export class ProductChanges {
  readonly #store: ProductStore;
  readonly #stock: StockStore;
  readonly #transaction: Transaction;
  readonly #outbox: Outbox<typeof catalogEvents>;

  constructor(transaction: Transaction, outbox: Outbox<typeof catalogEvents>) {
    this.#store = new ProductStore(transaction);
    this.#stock = new StockStore(transaction);
    this.#transaction = transaction;
    this.#outbox = outbox;
  }

  /** @throws {RpcError} ALREADY_EXISTS if the SKU has a product. */
  async create({ content, onHand }: GivenProduct): Promise<ShownProduct> {
    const product = await this.#store.create(content);
    if (product === undefined) {
      throw new RpcError(
        'ALREADY_EXISTS',
        `There is a product with the SKU ${quote(content.sku)} already`,
      );
    }
    await this.#tell([product], await this.#open([{ productId: product.productId, onHand }]));
    return { product, available: onHand };
  }

  /** @throws {RpcError} NOT_FOUND, or ABORTED if the product has another etag. */
  async update({ productId, content, etag }: ProductChange): Promise<ShownProduct> {
    const before = await this.#lock(productId, etag);
    const after = await this.#store.replace({ ...before, ...content });
    if (after !== undefined) await this.#tell([after]);
    return await this.#shown(after ?? before);
  }

  /** @throws {RpcError} NOT_FOUND, or ABORTED if the product has another etag. */
  async discontinue(productId: string, etag: string | undefined): Promise<StoredProduct> {
    const before = await this.#lock(productId, etag);
    if (before.discontinueTimeMicros !== undefined) return before;
    const after = await this.#store.discontinue(productId);
    if (after === undefined) throw productNotFound(productId);
    await this.#stock.discontinue(productId);
    await this.#outbox.add(this.#transaction, catalogEvents, [discontinuedEvent(after)]);
    return after;
  }

  /** Creates or updates products by SKU, all or none. The stock of those that exist stays as it is. */
  async import(given: readonly GivenProduct[]): Promise<ImportOutcome> {
    const outcome = await this.#store.import(given.map(({ content }) => content));
    const onHand = new Map(given.map(({ content, onHand: units }) => [content.sku, units]));
    const fresh = outcome.changed.filter(({ version }) => version === 1n);
    const opening = fresh.map(({ productId, sku }) => ({
      productId,
      onHand: onHand.get(sku) ?? 0,
    }));
    await this.#tell(outcome.changed, opening.length === 0 ? [] : await this.#open(opening));
    return outcome;
  }

  async #lock(productId: string, etag: string | undefined): Promise<StoredProduct> {
    const before = isProductId(productId) ? await this.#store.lock(productId) : undefined;
    if (before === undefined) throw productNotFound(productId);
    if (etag !== undefined && etag !== etagOf(before)) {
      throw errorWithReason(
        'ABORTED',
        ERROR_REASONS.etagMismatch,
        `The product has changed: its etag is ${quote(etagOf(before))}, not ${quote(etag)}; read it again`,
      );
    }
    return before;
  }

  /** The stock of new products. */
  #open(opening: Parameters<StockStore['create']>[0]): Promise<readonly StoredStock[]> {
    return this.#stock.create(opening, currentScope()?.cause?.id ?? 'with the product');
  }

  async #shown(product: StoredProduct): Promise<ShownProduct> {
    const stock = await this.#stock.get(product.productId);
    return { product, available: stock === undefined ? 0 : stock.onHand - stock.reserved };
  }

  /** One event for each product and stock, whose row the change has locked. */
  async #tell(
    products: readonly StoredProduct[],
    stock: readonly StoredStock[] = [],
  ): Promise<void> {
    const events = [...products.map(productEvent), ...stock.map(stockEvent)];
    await this.#outbox.add(this.#transaction, catalogEvents, events);
  }
}

/** There is no product with this id, whatever it looks like. */
export function productNotFound(productId: string): RpcError {
  return new RpcError('NOT_FOUND', `There is no product with the id ${quote(productId)}`);
}
