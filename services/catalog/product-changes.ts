import { domainEvent } from '@meridian/kit/events/domain-event.ts';
import type { Outbox } from '@meridian/kit/events/outbox.ts';
import type { Transaction } from '@meridian/kit/postgres/database.ts';
import { ERROR_REASONS, errorWithReason } from '@meridian/kit/rpc/error-details.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { catalogEvents } from './topics.ts';
import {
  ProductCreatedSchema,
  ProductUpdatedSchema,
} from './contract/gen/meridian/catalog/v1/events_pb.js';
import { quote } from '@meridian/kit/rpc/field-violations.ts';
import { isProductId } from './product-id.ts';
import { etagOf, toProductMessage } from './product-message.ts';
import { ProductStore } from './store.ts';
import type { ImportOutcome, ProductContent, StoredProduct } from './store.ts';

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
  readonly #transaction: Transaction;
  readonly #outbox: Outbox<typeof catalogEvents>;

  constructor(transaction: Transaction, outbox: Outbox<typeof catalogEvents>) {
    this.#store = new ProductStore(transaction);
    this.#transaction = transaction;
    this.#outbox = outbox;
  }

  /** @throws {RpcError} ALREADY_EXISTS if the SKU has a product. */
  async create(content: ProductContent): Promise<StoredProduct> {
    const product = await this.#store.create(content);
    if (product === undefined) {
      throw new RpcError(
        'ALREADY_EXISTS',
        `There is a product with the SKU ${quote(content.sku)} already`,
      );
    }
    await this.#tell([product]);
    return product;
  }

  /** @throws {RpcError} NOT_FOUND, or ABORTED if the product has another etag. */
  async update({ productId, content, etag }: ProductChange): Promise<StoredProduct> {
    const before = isProductId(productId) ? await this.#store.lock(productId) : undefined;
    if (before === undefined) throw productNotFound(productId);
    if (etag !== undefined && etag !== etagOf(before)) {
      throw errorWithReason(
        'ABORTED',
        ERROR_REASONS.etagMismatch,
        `The product has changed: its etag is ${quote(etagOf(before))}, not ${quote(etag)}; read it again`,
      );
    }
    const after = await this.#store.replace({ ...before, ...content });
    if (after === undefined) return before;
    await this.#tell([after]);
    return after;
  }

  /** Creates or updates products by SKU, all or none. */
  async import(products: readonly ProductContent[]): Promise<ImportOutcome> {
    const outcome = await this.#store.import(products);
    await this.#tell(outcome.changed);
    return outcome;
  }

  /** One event for each product, whose row the change has locked. */
  async #tell(products: readonly StoredProduct[]): Promise<void> {
    const events = products.map((product) =>
      domainEvent(
        product.version === 1n ? ProductCreatedSchema : ProductUpdatedSchema,
        { product: toProductMessage(product) },
        { key: product.productId, version: product.version },
      ),
    );
    await this.#outbox.add(this.#transaction, catalogEvents, events);
  }
}

/** There is no product with this id, whatever it looks like. */
export function productNotFound(productId: string): RpcError {
  return new RpcError('NOT_FOUND', `There is no product with the id ${quote(productId)}`);
}
