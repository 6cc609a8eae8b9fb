import { exampleId, SOME_TIME, varying } from '@meridian/kit/contract/example.ts';
import type { Examples } from '@meridian/kit/contract/example.ts';
import type { CatalogService } from './gen/meridian/catalog/v1/catalog_pb.js';

const productId = exampleId('product');
const etag = varying('7f3k2m');

const given = {
  sku: 'SUNDIAL-1',
  name: 'Brass sundial',
  description: 'Shows the hour wherever the sun does.',
  category: 'sundials',
  brand: 'Helios',
  price: { currencyCode: 'EUR', minorUnits: '8900' },
  attributes: { material: 'brass' },
};

const product = {
  productId,
  ...given,
  stock: 12,
  createTime: SOME_TIME,
  updateTime: SOME_TIME,
  version: '1',
  etag,
};

const changed = {
  ...product,
  price: { currencyCode: 'EUR', minorUnits: '7900' },
  version: '2',
};

const stock = { productId, reserved: 0, updateTime: SOME_TIME, etag };

/** What is shown of products and their stock. */
export const examples: Examples<typeof CatalogService> = {
  createProduct: [
    {
      name: 'created',
      summary: 'A merchant adds a product with the units on hand.',
      as: 'merchant',
      request: { product: { ...given, stock: 12 } },
      response: product,
      gives: [productId],
    },
  ],
  getProduct: [
    {
      name: 'product',
      summary: 'Anybody looks at a product.',
      as: 'anybody',
      request: { productId },
      response: product,
    },
  ],
  updateProduct: [
    {
      name: 'cheaper',
      summary: 'A merchant lowers the price, and changes nothing else.',
      as: 'merchant',
      request: {
        productId,
        product: { price: { currencyCode: 'EUR', minorUnits: '7900' } },
        updateMask: 'price',
      },
      response: changed,
      after: ['GetProduct'],
    },
  ],
  listProducts: [
    {
      name: 'category',
      summary: 'Anybody lists the products of a category, a page at a time.',
      as: 'anybody',
      request: { category: 'sundials', pageSize: 20 },
      response: { products: [changed], nextPageToken: '' },
      after: ['UpdateProduct'],
    },
  ],
  getStock: [
    {
      name: 'stock',
      summary: 'A merchant looks at how many units there are.',
      as: 'merchant',
      request: { productId },
      response: { ...stock, onHand: 12, received: '12', version: '1' },
    },
  ],
  adjustStock: [
    {
      name: 'delivered',
      summary: 'A merchant adds the eight units of a delivery.',
      as: 'merchant',
      request: { productId, difference: 8 },
      response: { ...stock, onHand: 20, received: '20', version: '2' },
      after: ['GetStock', 'ListProducts', 'GetProduct'],
    },
  ],
  discontinueProduct: [
    {
      name: 'discontinued',
      summary: 'A merchant takes a product out of the assortment for good.',
      as: 'merchant',
      request: { productId },
      response: { ...changed, stock: 0, version: '3', discontinueTime: SOME_TIME },
      last: true,
    },
  ],
};
