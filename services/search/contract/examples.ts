import { exampleId } from '@meridian/kit/contract/example.ts';
import type { Examples } from '@meridian/kit/contract/example.ts';
import type { SearchService } from './gen/meridian/search/v1/search_pb.js';

const euro = (minorUnits: string) => ({ currencyCode: 'EUR', minorUnits });

/** What all hits have in common. */
const facet = (property: string, value: string) => ({ property, values: [{ value, count: '1' }] });

/** What is shown of search: in the words of a shopper who mistypes. */
export const examples: Examples<typeof SearchService> = {
  searchProducts: [
    {
      name: 'mistyped',
      summary: 'A shopper who mistypes finds what was meant.',
      as: 'anybody',
      request: {
        query: 'brass sundail',
        categories: ['sundials'],
        currencyCode: 'EUR',
        pageSize: 10,
      },
      response: {
        hits: [
          {
            productId: exampleId('product'),
            name: 'Brass sundial',
            category: 'sundials',
            brand: 'Helios',
            price: euro('7900'),
            inStock: true,
            highlight: '<em>Brass</em> <em>sundial</em>',
          },
        ],
        facets: [
          facet('category', 'sundials'),
          facet('brand', 'Helios'),
          facet('in_stock', 'true'),
          facet('currency', 'EUR'),
        ],
        totalCount: '1',
        priceRanges: [{ from: euro('5000'), below: euro('10000'), count: '1' }],
      },
      after: ['UpdateProduct'],
    },
  ],
  suggestProducts: [
    {
      name: 'begun',
      summary: 'A shopper has begun to type.',
      as: 'anybody',
      request: { prefix: 'brass sund', limit: 5 },
      response: { suggestions: ['Brass sundial'] },
      after: ['CreateProduct'],
    },
  ],
};
