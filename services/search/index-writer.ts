import type { Elasticsearch } from '@meridian/kit/elasticsearch/elasticsearch.ts';
import {
  ElasticsearchError,
  errorOf,
  refusal,
  unavailable,
} from '@meridian/kit/elasticsearch/elasticsearch-error.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { newestByProduct, productHalf, stockHalf } from './product-document.ts';
import type { ProductChange, ProductHalf, StockHalf, Versions } from './product-document.ts';

/** A document as it is, as far as writing needs it; undefined for one that is not there. */
interface Found {
  readonly versions: Versions;
  readonly seqNo: number;
  readonly primaryTerm: number;
}

/** What is to be written, as two lines of a bulk request. */
interface Write {
  readonly change: ProductChange;
  readonly lines: readonly [object, object];
}

const NEVER: Versions = { product: 0, stock: 0 };

/** Somebody else writes the same documents so often only while a rebuild and a consumer meet. */
const ATTEMPTS_MAX = 20;

const WRITE_TIMEOUT_MS = 10_000;

/**
 * Writes changes into an index such that neither their order nor their repetition matters: of each half
 * of a document the newest version stays, and a write holds only while the document is as it was read
 * (ADR 57).
 */
export class IndexWriter {
  readonly #search: Elasticsearch;
  readonly #alias: string;

  /** @param alias of the index; nothing is written by the name of one, which would make it */
  constructor(search: Elasticsearch, alias: string) {
    this.#search = search;
    this.#alias = alias;
  }

  /**
   * Applies changes. Throws UNAVAILABLE while they cannot be written, and INVALID_ARGUMENT for one that
   * Elasticsearch refuses for what it says.
   */
  async apply(changes: readonly ProductChange[]): Promise<void> {
    let left = newestByProduct(changes);
    for (let attempt = 1; left.length > 0; attempt += 1) {
      if (attempt > ATTEMPTS_MAX) throw new RpcError('ABORTED', 'others write the same products');
      const found = await this.#find(left.map(({ productId }) => productId));
      const writes = left.flatMap((change) => writeOf(change, found.get(change.productId)));
      left = await this.#write(writes);
    }
  }

  /** The versions that the index has, whether searches see them yet or not. */
  async versions(productIds: readonly string[]): Promise<ReadonlyMap<string, Versions>> {
    const found = await this.#find(productIds);
    return new Map([...found].map(([id, { versions }]) => [id, versions]));
  }

  async #find(ids: readonly string[]): Promise<ReadonlyMap<string, Found>> {
    const { status, body } = await this.#search.request('mget', {
      method: 'POST',
      path: `/${this.#alias}/_mget?_source_includes=product.version,stock.version`,
      body: { ids },
      timeoutMs: WRITE_TIMEOUT_MS,
      allowed: [404],
    });
    // The index is not there yet, or another takes its place.
    if (status === 404) throw unavailable('busy', refusal(status, body));
    const { docs } = body as { readonly docs: readonly FoundDocument[] };
    return new Map(docs.flatMap((document) => foundOf(document)));
  }

  /** Writes, and gives the changes that met a document which had changed. */
  async #write(writes: readonly Write[]): Promise<readonly ProductChange[]> {
    if (writes.length === 0) return [];
    const { body } = await this.#search.request('bulk', {
      method: 'POST',
      path: `/${this.#alias}/_bulk?require_alias=true`,
      body: writes.flatMap(({ lines }) => lines),
      timeoutMs: WRITE_TIMEOUT_MS,
      refuse: ({ body: answered }) => refuseItems(writes, answered),
    });
    return itemsOf(writes, body)
      .filter(({ item }) => hasChanged(item))
      .map(({ change }) => change);
  }
}

interface FoundDocument {
  readonly _id: string;
  readonly found?: boolean;
  readonly error?: unknown;
  readonly _seq_no?: number;
  readonly _primary_term?: number;
  readonly _source?: {
    readonly product?: { readonly version: number };
    readonly stock?: { readonly version: number };
  };
}

interface BulkItem {
  readonly status: number;
  readonly error?: unknown;
}

interface WrittenItem {
  readonly change: ProductChange;
  readonly item: BulkItem;
}

/** What became of each write. */
function itemsOf(writes: readonly Write[], body: unknown): readonly WrittenItem[] {
  const { items } = body as { readonly items: readonly Readonly<Record<string, BulkItem>>[] };
  return writes.map(({ change }, position) => {
    const [item] = Object.values(items[position] ?? {});
    if (item === undefined) throw new Error('Elasticsearch answered fewer items than were sent');
    return { change, item };
  });
}

/** Throws for the first write that was refused, and not only late. */
function refuseItems(writes: readonly Write[], body: unknown): void {
  for (const { change, item } of itemsOf(writes, body)) {
    if (item.status >= 300 && !hasChanged(item)) throw refused(change, item);
  }
}

/** Whether a write met a document that somebody else has changed or removed. */
function hasChanged(item: BulkItem): boolean {
  return item.status === 409 || isGone(item);
}

function foundOf(document: FoundDocument): readonly (readonly [string, Found])[] {
  if (document.error !== undefined) throw unavailable('busy', errorOf(document));
  if (document.found !== true) return [];
  const { _source: source, _seq_no: seqNo = 0, _primary_term: primaryTerm = 0 } = document;
  const versions = {
    product: source?.product?.version ?? NEVER.product,
    stock: source?.stock?.version ?? NEVER.stock,
  };
  return [[document._id, { versions, seqNo, primaryTerm }]];
}

/** How a change is written; not at all if the document knows as much. */
function writeOf(change: ProductChange, found: Found | undefined): readonly Write[] {
  const versions = found?.versions ?? NEVER;
  const product = isNewer(change.product, versions.product)
    ? productHalf(change.product)
    : undefined;
  const stock = isNewer(change.stock, versions.stock) ? stockHalf(change.stock) : undefined;
  if (product === undefined && stock === undefined) return [];
  const half = { ...product, ...stock };
  const lines = linesOf(change.productId, half, found, product?.shown === false);
  return [{ change, lines }];
}

function isNewer<Half extends { readonly version: bigint }>(
  half: Half | undefined,
  than: number,
): half is Half {
  return half !== undefined && Number(half.version) > than;
}

function linesOf(
  _id: string,
  half: Partial<ProductHalf & StockHalf>,
  found: Found | undefined,
  leaves: boolean,
): readonly [object, object] {
  if (found === undefined) return [{ create: { _id } }, half];
  const unchanged = { _id, if_seq_no: found.seqNo, if_primary_term: found.primaryTerm };
  // What left the assortment is replaced by the trace of it; the stock is seen no more, but known.
  if (leaves) {
    return [{ index: unchanged }, { stock: { version: found.versions.stock }, ...half }];
  }
  return [{ update: unchanged }, { doc: half }];
}

/** A document that was removed between reading and writing. */
function isGone({ status, error }: BulkItem): boolean {
  return status === 404 && errorOf({ error }).type === 'document_missing_exception';
}

function refused({ productId }: ProductChange, { status, error }: BulkItem): Error {
  const cause = refusal(status, { error });
  if (!(cause instanceof ElasticsearchError)) return cause;
  if (cause.type === 'index_not_found_exception') return unavailable('busy', cause);
  if (cause.type === 'cluster_block_exception') return unavailable('busy', cause);
  const message = `product ${productId} cannot be indexed`;
  return cause.status === 400 ? new RpcError('INVALID_ARGUMENT', message, { cause }) : cause;
}
