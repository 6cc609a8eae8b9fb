import type {
  ImportProductsRequest,
  ProductInput,
} from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { lengthOf, quote, type FieldViolations } from '@meridian/kit/rpc/field-violations.ts';
import {
  ATTRIBUTES_MAX,
  ATTRIBUTE_KEY_PATTERN,
  ATTRIBUTE_VALUE_LENGTH_MAX,
  BRAND_LENGTH_MAX,
  CATEGORY_LENGTH_MAX,
  CURRENCY_PATTERN,
  DESCRIPTION_LENGTH_MAX,
  IMPORT_SIZE_MAX,
  NAME_LENGTH_MAX,
  SKU_PATTERN,
  SLUG_PATTERN,
} from './request-limits.ts';

/** What a merchant says of a product, by the names of the contract, in the order of messages. */
export const PRODUCT_FIELDS = [
  'sku',
  'name',
  'brand',
  'description',
  'category',
  'price',
  'stock',
  'attributes',
] as const satisfies readonly (keyof ProductInput)[];

/** One of PRODUCT_FIELDS. */
export type ProductField = (typeof PRODUCT_FIELDS)[number];

/** Control characters, C0, DEL and C1; PostgreSQL's text cannot hold the first of them, U+0000. */
const CONTROL_CHARACTER = /\p{Cc}/u;
/** The same without tab, line feed and carriage return. */
const CONTROL_BUT_LAYOUT = /[^\P{Cc}\t\n\r]/u;

/** Notes all that is wrong with a batch. */
export function checkImportProducts(
  request: ImportProductsRequest,
  violations: FieldViolations,
): void {
  const count = request.products.length;
  if (count < 1 || count > IMPORT_SIZE_MAX) {
    violations.add('products', `must have 1 to ${IMPORT_SIZE_MAX} entries, got ${count}`);
    return;
  }
  const firstWithSku = new Map<string, number>();
  request.products.forEach((product, index) => {
    const path = `products[${index}]`;
    checkProduct(product, path, violations);
    const first = firstWithSku.get(product.sku);
    if (first === undefined) firstWithSku.set(product.sku, index);
    else violations.add(`${path}.sku`, `${quote(product.sku)} is in products[${first}] already`);
  });
}

/** Notes what is wrong with a product's fields: all of them, or those that are named. */
export function checkProduct(
  product: ProductInput,
  path: string,
  violations: FieldViolations,
  fields: readonly ProductField[] = PRODUCT_FIELDS,
): void {
  const checks: Readonly<Record<ProductField, (field: string) => void>> = {
    sku: (field) => checkSku(product.sku, field, violations),
    name: (field) => checkLine(product.name, NAME_LENGTH_MAX, field, violations),
    brand: (field) => checkLine(product.brand, BRAND_LENGTH_MAX, field, violations),
    description: (field) => checkDescription(product.description, field, violations),
    category: (field) => checkCategory(product.category, field, violations),
    price: (field) => checkPrice(product.price, field, violations),
    stock: (field) => {
      if (product.stock < 0) violations.add(field, `must not be negative, got ${product.stock}`);
    },
    attributes: (field) => checkAttributes(product.attributes, field, violations),
  };
  for (const field of fields) checks[field](`${path}.${field}`);
}

function checkSku(sku: string, field: string, violations: FieldViolations): void {
  if (SKU_PATTERN.test(sku)) return;
  violations.add(field, `must be 1 to 64 letters, digits, '.', '-' or '_', got ${quote(sku)}`);
}

/** Text of one line that is not empty. */
function checkLine(value: string, max: number, field: string, violations: FieldViolations): void {
  const length = lengthOf(value);
  if (value.trim() === '') violations.add(field, `must not be empty, got ${quote(value)}`);
  else if (length > max)
    violations.add(field, `must have at most ${max} characters, got ${length}`);
  if (CONTROL_CHARACTER.test(value)) {
    violations.add(field, `must not contain control characters, got ${quote(value)}`);
  }
}

function checkDescription(value: string, field: string, violations: FieldViolations): void {
  const length = lengthOf(value);
  if (length > DESCRIPTION_LENGTH_MAX) {
    violations.add(field, `must have at most ${DESCRIPTION_LENGTH_MAX} characters, got ${length}`);
  }
  if (CONTROL_BUT_LAYOUT.test(value)) {
    violations.add(field, 'must not contain control characters but tabs and line breaks');
  }
}

/** Notes what is wrong with a category's slug. */
export function checkCategory(value: string, field: string, violations: FieldViolations): void {
  if (!SLUG_PATTERN.test(value) || value.length > CATEGORY_LENGTH_MAX) {
    violations.add(
      field,
      `must be a slug such as 'home-office' of at most ${CATEGORY_LENGTH_MAX} characters, got ${quote(value)}`,
    );
  }
}

function checkPrice(
  price: ProductInput['price'],
  field: string,
  violations: FieldViolations,
): void {
  if (price === undefined) {
    violations.add(field, 'must be given');
    return;
  }
  if (!CURRENCY_PATTERN.test(price.currencyCode)) {
    violations.add(
      `${field}.currency_code`,
      `must be an ISO 4217 code such as 'EUR', got ${quote(price.currencyCode)}`,
    );
  }
  if (price.minorUnits < 0n) {
    violations.add(`${field}.minor_units`, `must not be negative, got ${price.minorUnits}`);
  }
}

function checkAttributes(
  attributes: ProductInput['attributes'],
  field: string,
  violations: FieldViolations,
): void {
  const entries = Object.entries(attributes);
  if (entries.length > ATTRIBUTES_MAX) {
    violations.add(field, `must have at most ${ATTRIBUTES_MAX} entries, got ${entries.length}`);
    return;
  }
  for (const [key, value] of entries) {
    const path = `${field}[${quote(key)}]`;
    if (!ATTRIBUTE_KEY_PATTERN.test(key) || key.length > CATEGORY_LENGTH_MAX) {
      violations.add(path, 'key must be lower-case words joined by hyphens or underscores');
    }
    const length = lengthOf(value);
    if (length > ATTRIBUTE_VALUE_LENGTH_MAX) {
      violations.add(
        path,
        `must have at most ${ATTRIBUTE_VALUE_LENGTH_MAX} characters, got ${length}`,
      );
    }
    if (CONTROL_CHARACTER.test(value)) {
      violations.add(path, `must not contain control characters, got ${quote(value)}`);
    }
  }
}
