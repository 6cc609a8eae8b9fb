import { create } from '@bufbuild/protobuf';
import { ProductInputSchema } from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import type {
  CreateProductRequest,
  ProductInput,
  UpdateProductRequest,
} from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { quote, type FieldViolations } from '@meridian/kit/rpc/field-violations.ts';
import type { ProductChange } from './product-changes.ts';
import { productIdOf } from './product-id.ts';
import { toProductContent } from './product-message.ts';
import type { ProductContent } from './store.ts';
import { checkProduct, PRODUCT_FIELDS, type ProductField } from './validate-import.ts';
import { checkProductId } from './validate-read.ts';

/** Stands for every field that can be changed. Source: AIP-134, "Update mask". */
const FULL_MASK = '*';

/** What of a stored product a field of the contract is. */
const CONTENT_OF: Readonly<Record<ProductField, readonly (keyof ProductContent)[]>> = {
  sku: ['sku'],
  name: ['name'],
  brand: ['brand'],
  description: ['description'],
  category: ['category'],
  price: ['priceCurrencyCode', 'priceMinorUnits'],
  // Not of the product: readUpdateProduct refuses it.
  stock: [],
  attributes: ['attributes'],
};

/** The product to create; what is wrong is noted, and the result then means nothing. */
export function readCreateProduct(
  { product }: CreateProductRequest,
  violations: FieldViolations,
): ProductInput {
  if (product === undefined) violations.add('product', 'must be given');
  else checkProduct(product, 'product', violations);
  return product ?? create(ProductInputSchema);
}

/** The change to make; what is wrong is noted, and the result then means nothing. */
export function readUpdateProduct(
  request: UpdateProductRequest,
  violations: FieldViolations,
): ProductChange {
  const { productId, etag } = request;
  checkProductId(request, violations);
  const product = request.product ?? create(ProductInputSchema);
  if (request.product === undefined) violations.add('product', 'must be given');
  else if (product.sku !== '' && productIdOf(product.sku) !== productId) {
    violations.add('product.sku', `cannot be changed, got ${quote(product.sku)}`);
  }
  const paths = request.updateMask?.paths ?? [];
  if (paths.includes('stock') || product.stock !== 0) {
    violations.add(
      paths.includes('stock') ? 'update_mask' : 'product.stock',
      'cannot be changed with the product; AdjustStock changes it',
    );
  }
  const fields = changedFields(paths, product, violations);
  checkProduct(product, 'product', violations, fields);
  const content = toProductContent(product);
  const names = fields.flatMap((field) => CONTENT_OF[field]);
  return {
    productId,
    content: Object.fromEntries(names.map((name) => [name, content[name]])),
    ...(etag === '' ? {} : { etag }),
  };
}

/** The fields that a mask names, without SKU and stock, which stay. */
function changedFields(
  paths: readonly string[],
  product: ProductInput,
  violations: FieldViolations,
): readonly ProductField[] {
  const changeable = PRODUCT_FIELDS.filter((field) => field !== 'sku' && field !== 'stock');
  if (paths.includes(FULL_MASK)) {
    if (paths.length > 1) violations.add('update_mask', `must have no other path beside '*'`);
    return changeable;
  }
  for (const path of paths) {
    if (!PRODUCT_FIELDS.some((field) => field === path)) {
      violations.add(
        'update_mask',
        `must name top-level fields of a product (${changeable.join(', ')}), got ${quote(path)}`,
      );
    } else if (path === 'sku' && product.sku === '') {
      violations.add('product.sku', `cannot be changed, got ''`);
    }
  }
  const fields = changeable.filter((field) =>
    paths.length === 0 ? isGiven(product, field) : paths.includes(field),
  );
  if (fields.length === 0 && paths.length === 0) {
    violations.add('update_mask', 'must name a field, as product sets none');
  }
  return fields;
}

/** Whether a field has another value than proto3's default. */
function isGiven(product: ProductInput, field: ProductField): boolean {
  const value = product[field];
  return typeof value === 'object' && field === 'attributes'
    ? Object.keys(value).length > 0
    : value !== undefined && value !== '' && value !== 0;
}
