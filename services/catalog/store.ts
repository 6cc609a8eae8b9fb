import type { Session } from '@meridian/kit/postgres/database.ts';
import { productIdOf } from './product-id.ts';

/** What a merchant says of a product. */
export interface ProductContent {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly brand: string;
  readonly priceCurrencyCode: string;
  readonly priceMinorUnits: bigint;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A product as it is stored. Its stock is in rows of its own (stock-store.ts). */
export interface StoredProduct extends ProductContent {
  readonly productId: string;
  /** Microseconds since 1970; undefined while it is sold. */
  readonly discontinueTimeMicros: bigint | undefined;
  /** Microseconds since 1970, PostgreSQL's own precision. */
  readonly createTimeMicros: bigint;
  /** Microseconds since 1970. */
  readonly updateTimeMicros: bigint;
  readonly version: bigint;
}

/** A product, and the units of it that can be bought now. */
export interface ShownProduct {
  readonly product: StoredProduct;
  readonly available: number;
}

/** Where a page starts and what is on it. */
export interface PageQuery {
  readonly limit: number;
  /** Only this category. @default all */
  readonly category?: string;
  /** The last product of the page before. @default the first page */
  readonly afterProductId?: string;
}

/** What an import did; the three counts add up to the products given. */
export interface ImportOutcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Those created or updated, as they are now. */
  readonly changed: readonly StoredProduct[];
}

/** A row as pg gives it: bigint as text, jsonb parsed. */
interface ProductRow {
  readonly product_id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly brand: string;
  readonly price_currency_code: string;
  readonly price_minor_units: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly create_time_micros: string;
  readonly update_time_micros: string;
  readonly discontinue_time_micros: string | null;
  readonly version: string;
}

interface ShownRow extends ProductRow {
  readonly available: number;
}

const COLUMNS = `
  stored.product_id, stored.sku, stored.name, stored.description, stored.category, stored.brand,
  stored.price_currency_code, stored.price_minor_units, stored.attributes, stored.version,
  (extract(epoch FROM stored.create_time) * 1000000)::bigint AS create_time_micros,
  (extract(epoch FROM stored.update_time) * 1000000)::bigint AS update_time_micros,
  (extract(epoch FROM stored.discontinue_time) * 1000000)::bigint AS discontinue_time_micros`;

const SELECT_PRODUCT = `SELECT ${COLUMNS} FROM products AS stored`;

const SELECT_SHOWN = `
  SELECT ${COLUMNS}, stock.on_hand - stock.reserved AS available
  FROM products AS stored JOIN stock USING (product_id)`;

/** Products given as one JSON array. */
const GIVEN = `
  jsonb_to_recordset($1::jsonb) AS given (
    product_id uuid, sku text, name text, description text, category text, brand text,
    price_currency_code text, price_minor_units bigint, attributes jsonb)`;

const INSERT_PRODUCTS = `
  INSERT INTO products AS stored (product_id, sku, name, description, category, brand,
                                  price_currency_code, price_minor_units, attributes)
  SELECT product_id, sku, name, description, category, brand,
         price_currency_code, price_minor_units, attributes
  FROM ${GIVEN}
  ORDER BY sku`;

/** The row's new values, from the row of that name. */
const changeFrom = (given: string): string => `
    name = ${given}.name, description = ${given}.description, category = ${given}.category,
    brand = ${given}.brand, price_currency_code = ${given}.price_currency_code,
    price_minor_units = ${given}.price_minor_units, attributes = ${given}.attributes,
    update_time = greatest(now(), stored.update_time), version = stored.version + 1`;

/** Whether that row says something else. */
const differsFrom = (given: string): string => `
  (stored.name, stored.description, stored.category, stored.brand,
   stored.price_currency_code, stored.price_minor_units, stored.attributes)
    IS DISTINCT FROM
  (${given}.name, ${given}.description, ${given}.category, ${given}.brand,
   ${given}.price_currency_code, ${given}.price_minor_units, ${given}.attributes)`;

/**
 * Sorted, so that two imports lock rows in the same order and
 * never wait for each other in a circle. A row that says the same already is left untouched.
 */
const IMPORT_PRODUCTS = `${INSERT_PRODUCTS}
  ON CONFLICT (sku) DO UPDATE SET ${changeFrom('excluded')}
  WHERE ${differsFrom('excluded')}
  RETURNING ${COLUMNS}`;

const CREATE_PRODUCT = `${INSERT_PRODUCTS} ON CONFLICT (sku) DO NOTHING RETURNING ${COLUMNS}`;

const REPLACE_PRODUCT = `
  UPDATE products AS stored SET ${changeFrom('given')}
  FROM ${GIVEN}
  WHERE stored.product_id = given.product_id AND ${differsFrom('given')}
  RETURNING ${COLUMNS}`;

const DISCONTINUE_PRODUCT = `
  UPDATE products AS stored
  SET discontinue_time = greatest(now(), stored.update_time),
      update_time = greatest(now(), stored.update_time), version = stored.version + 1
  WHERE product_id = $1
  RETURNING ${COLUMNS}`;

/** The catalogue's products in PostgreSQL. */
export class ProductStore {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Products that are sold, in the order of their ids, at most `limit`. */
  async list(query: PageQuery): Promise<readonly ShownProduct[]> {
    // Conditions are added as needed: `$1 IS NULL OR …` would keep the planner off the index.
    const values: (string | number)[] = [query.limit];
    const conditions = ['discontinue_time IS NULL'];
    let name = 'list_products';
    if (query.category !== undefined) {
      conditions.push(`category = $${values.push(query.category)}`);
      name += '_of_category';
    }
    if (query.afterProductId !== undefined) {
      conditions.push(`product_id > $${values.push(query.afterProductId)}`);
      name += '_after';
    }
    const where = `WHERE ${conditions.join(' AND ')}`;
    const text = `${SELECT_SHOWN} ${where} ORDER BY product_id LIMIT $1`;
    const rows = await this.#session.query<ShownRow>({ name, text, values });
    return rows.map(shownFromRow);
  }

  /** All products, discontinued ones too, in the order of their ids, at most `limit`, of those after one. */
  async listAll(
    limit: number,
    afterProductId: string | undefined,
  ): Promise<readonly StoredProduct[]> {
    const after = afterProductId !== undefined;
    const rows = await this.#session.query<ProductRow>({
      name: after ? 'list_all_products_after' : 'list_all_products',
      text: `${SELECT_PRODUCT} ${after ? 'WHERE product_id > $2' : ''} ORDER BY product_id LIMIT $1`,
      values: after ? [limit, afterProductId] : [limit],
    });
    return rows.map(fromRow);
  }

  /** Products with these ids, which have the form of one; discontinued ones too, in any order. */
  async getAll(productIds: readonly string[]): Promise<readonly ShownProduct[]> {
    const rows = await this.#session.query<ShownRow>({
      name: 'get_products',
      text: `${SELECT_SHOWN} WHERE product_id = ANY ($1::uuid[])`,
      values: [productIds],
    });
    return rows.map(shownFromRow);
  }

  /** The product with this id, which has the form of one; undefined if there is none. */
  async get(productId: string): Promise<StoredProduct | undefined> {
    const [row] = await this.#session.query<ProductRow>({
      name: 'get_product',
      text: `${SELECT_PRODUCT} WHERE product_id = $1`,
      values: [productId],
    });
    return row === undefined ? undefined : fromRow(row);
  }

  /** The same, locked until the transaction ends, for a change that depends on what it finds. */
  async lock(productId: string): Promise<StoredProduct | undefined> {
    const [row] = await this.#session.query<ProductRow>({
      name: 'lock_product',
      text: `${SELECT_PRODUCT} WHERE product_id = $1 FOR UPDATE`,
      values: [productId],
    });
    return row === undefined ? undefined : fromRow(row);
  }

  /** Creates a product; undefined if its SKU has one already. */
  async create(product: ProductContent): Promise<StoredProduct | undefined> {
    const [created] = await this.#write('create_product', CREATE_PRODUCT, [product]);
    return created;
  }

  /** Gives the product of that SKU new content; undefined if it says the same already. */
  async replace(product: ProductContent): Promise<StoredProduct | undefined> {
    const [replaced] = await this.#write('replace_product', REPLACE_PRODUCT, [product]);
    return replaced;
  }

  /** Takes a product that is sold out of the assortment. */
  async discontinue(productId: string): Promise<StoredProduct | undefined> {
    const [row] = await this.#session.query<ProductRow>({
      name: 'discontinue_product',
      text: DISCONTINUE_PRODUCT,
      values: [productId],
    });
    return row === undefined ? undefined : fromRow(row);
  }

  /** Creates or updates products by SKU, all or none; each SKU at most once in `products`. */
  async import(products: readonly ProductContent[]): Promise<ImportOutcome> {
    const changed = await this.#write('import_products', IMPORT_PRODUCTS, products);
    const created = changed.filter(({ version }) => version === 1n).length;
    return {
      created,
      updated: changed.length - created,
      unchanged: products.length - changed.length,
      changed,
    };
  }

  async #write(
    name: string,
    text: string,
    products: readonly ProductContent[],
  ): Promise<readonly StoredProduct[]> {
    const values = [JSON.stringify(products.map(toRecord))];
    const rows = await this.#session.query<ProductRow>({ name, text, values });
    return rows.map(fromRow);
  }
}

function toRecord(product: ProductContent) {
  return {
    product_id: productIdOf(product.sku),
    sku: product.sku,
    name: product.name,
    description: product.description,
    category: product.category,
    brand: product.brand,
    price_currency_code: product.priceCurrencyCode,
    price_minor_units: product.priceMinorUnits.toString(),
    attributes: product.attributes,
  };
}

function shownFromRow(row: ShownRow): ShownProduct {
  return { product: fromRow(row), available: row.available };
}

function fromRow(row: ProductRow): StoredProduct {
  return {
    productId: row.product_id,
    sku: row.sku,
    name: row.name,
    description: row.description,
    category: row.category,
    brand: row.brand,
    priceCurrencyCode: row.price_currency_code,
    priceMinorUnits: BigInt(row.price_minor_units),
    attributes: row.attributes,
    createTimeMicros: BigInt(row.create_time_micros),
    updateTimeMicros: BigInt(row.update_time_micros),
    discontinueTimeMicros:
      row.discontinue_time_micros === null ? undefined : BigInt(row.discontinue_time_micros),
    version: BigInt(row.version),
  };
}
