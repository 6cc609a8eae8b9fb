import type { Product } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import type { Stock } from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import { fold, joinedWords } from './fold.ts';

/** What is new of a product: it, its stock, or both, each with a version of its own. */
export interface ProductChange {
  readonly productId: string;
  readonly product?: Product;
  readonly stock?: Stock;
}

/** Of a document the half that follows the product. */
export interface ProductHalf {
  readonly product_id: string;
  /** As the catalogue has it; only its version is kept of one that left the assortment. */
  readonly product: StoredProduct;
  readonly shown: boolean;
  readonly category?: string;
  readonly brand?: string;
  readonly currency?: string;
  /** A text: JSON numbers end at 2^53. */
  readonly price?: string;
  readonly folded?: Readonly<Record<string, string | readonly string[]>>;
  readonly suggest?: readonly string[];
}

/** A product as a hit shows it. */
export interface StoredProduct {
  readonly version: number;
  readonly name?: string;
  readonly description?: string;
}

/** Of a document the half that follows the stock. */
export interface StockHalf {
  readonly product_id: string;
  readonly stock: { readonly version: number };
  readonly in_stock: boolean;
}

/** A document; neither half need be there yet. */
export type ProductDocument = Partial<ProductHalf> & Partial<StockHalf>;

/** The versions that a document has of its halves. */
export interface Versions {
  readonly product: number;
  readonly stock: number;
}

/** Words of a name that suggestions can begin with, besides its first. */
const SUGGESTED_WORDS_MAX = 8;

const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** The half of a product; of one that left the assortment nothing but that it did. */
export function productHalf(product: Product): ProductHalf {
  const { productId, name, description, category, brand, price } = product;
  const version = Number(product.version);
  if (product.discontinueTime !== undefined) {
    return { product_id: productId, product: { version }, shown: false };
  }
  const attributes = Object.entries(product.attributes).map(([key, value]) =>
    fold(`${key.replaceAll('_', ' ')} ${value}`),
  );
  const folded = {
    name: fold(name),
    brand: fold(brand),
    category: fold(category.replaceAll('-', ' ')),
    attributes,
    description: fold(description),
  };
  return {
    product_id: productId,
    product: { version, name, description },
    shown: true,
    category,
    brand,
    currency: price?.currencyCode ?? '',
    price: String(price?.minorUnits ?? 0n),
    folded: { ...folded, all: [...Object.values(folded).flat(), ...joinedWords(folded.name)] },
    suggest: suggestionsOf(folded.name),
  };
}

/** The half of a stock; whether there is one is all that shoppers see. */
export function stockHalf({ productId, onHand, reserved, version }: Stock): StockHalf {
  return {
    product_id: productId,
    stock: { version: Number(version) },
    in_stock: onHand > reserved,
  };
}

/** The newest half of each product among changes, in whatever order they come. */
export function newestByProduct(changes: readonly ProductChange[]): readonly ProductChange[] {
  const newest = new Map<string, ProductChange>();
  for (const change of changes) {
    const known = newest.get(change.productId);
    newest.set(change.productId, known === undefined ? change : newerOf(known, change));
  }
  return [...newest.values()];
}

function newerOf(one: ProductChange, other: ProductChange): ProductChange {
  const product = newer(one.product, other.product);
  const stock = newer(one.stock, other.stock);
  return {
    productId: one.productId,
    ...(product === undefined ? {} : { product }),
    ...(stock === undefined ? {} : { stock }),
  };
}

function newer<Half extends { readonly version: bigint }>(
  one: Half | undefined,
  other: Half | undefined,
): Half | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.version >= other.version ? one : other;
}

/** The name, and what of it begins with another of its words, so that any of them can be completed. */
function suggestionsOf(name: string): readonly string[] {
  const starts = [...segmenter.segment(name)]
    .filter(({ isWordLike }) => isWordLike === true)
    .map(({ index }) => index);
  const texts = [0, ...starts.slice(1, SUGGESTED_WORDS_MAX)].map((start) => name.slice(start));
  return [...new Set(texts)].filter((text) => text.trim() !== '');
}
