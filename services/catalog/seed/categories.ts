import type { Weighted } from './random.ts';

/** A category of the generated catalogue. */
export interface Category {
  readonly slug: string;
  /** First letters of its SKUs. */
  readonly prefix: string;
  /** Share of the products, as a weight. */
  readonly weight: number;
  /** Usual digits of a price in cents, with weights: 4 means 10.00 to 99.99. */
  readonly priceDigits: Weighted<number>;
  /** What its products are described by besides the common attributes. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** From the penny sweet to the grand piano: few products are very cheap or very dear. */
const CHEAP = [
  [2, 5],
  [3, 60],
  [4, 35],
] as const;
const MIDDLE = [
  [3, 15],
  [4, 65],
  [5, 20],
] as const;
const DEAR = [
  [4, 30],
  [5, 55],
  [6, 14],
  [7, 1],
] as const;

/** The categories, the largest first. */
export const CATEGORIES = [
  {
    slug: 'books',
    prefix: 'BOK',
    weight: 18,
    priceDigits: CHEAP,
    attributes: {
      binding: ['hardcover', 'paperback', 'spiral', 'leather'],
      pages: ['96', '128', '240', '384', '512', '1024'],
      isbn: ['978-3-16-148410-0', '978-0-306-40615-7', '978-4-87311-336-4'],
    },
  },
  {
    slug: 'clothing',
    prefix: 'CLO',
    weight: 16,
    priceDigits: MIDDLE,
    attributes: {
      size: ['XS', 'S', 'M', 'L', 'XL', '3XL', '42', '42½'],
      fit: ['slim', 'regular', 'relaxed', 'oversized'],
      care: ['30 °C', '40 °C', 'by hand', 'dry-clean only'],
    },
  },
  {
    slug: 'kitchen',
    prefix: 'KIT',
    weight: 14,
    priceDigits: MIDDLE,
    attributes: {
      capacity: ['0.25 l', '0.7 l', '1.5 l', '5 l'],
      dishwasher_safe: ['yes', 'no'],
      power: ['800 W', '1 500 W', '2 200 W'],
    },
  },
  {
    slug: 'electronics',
    prefix: 'ELE',
    weight: 12,
    priceDigits: DEAR,
    attributes: {
      connection: ['USB-C', 'Bluetooth 5.4', 'Wi-Fi 7', 'HDMI 2.1', '3.5 mm'],
      battery: ['none', '3 000 mAh', '10 000 mAh'],
      energy_class: ['A', 'B', 'C', 'D', 'E', 'F', 'G'],
      voltage: ['100–240 V', '230 V', '12 V ⎓'],
    },
  },
  {
    slug: 'garden',
    prefix: 'GAR',
    weight: 9,
    priceDigits: MIDDLE,
    attributes: { season: ['spring', 'summer', 'autumn', 'winter'], frost_proof: ['yes', 'no'] },
  },
  {
    slug: 'groceries',
    prefix: 'GRO',
    weight: 9,
    priceDigits: CHEAP,
    attributes: {
      allergens: ['none', 'gluten', 'nuts', 'milk', 'gluten, milk, nuts, soya, celery, mustard'],
      net_weight: ['50 g', '250 g', '1 kg', '5 kg'],
      origin: ['Ἑλλάς', 'Österreich', '日本', 'مصر', 'España', 'Việt Nam'],
    },
  },
  {
    slug: 'home-office',
    prefix: 'HOF',
    weight: 8,
    priceDigits: MIDDLE,
    attributes: { height: ['45 cm', '72 cm', '118 cm'], assembly: ['none', 'two people, 40 min'] },
  },
  {
    slug: 'toys',
    prefix: 'TOY',
    weight: 7,
    priceDigits: CHEAP,
    attributes: {
      age: ['0–3', '3+', '6+', '12+', '99+'],
      batteries: ['none', '2 × AA', '1 × CR2032'],
    },
  },
  {
    slug: 'musical-instruments',
    prefix: 'MUS',
    weight: 4,
    priceDigits: DEAR,
    attributes: { tuning: ['440 Hz', '442 Hz', '415 Hz'], handed: ['left', 'right'] },
  },
  {
    slug: 'sports',
    prefix: 'SPO',
    weight: 3,
    priceDigits: MIDDLE,
    attributes: { level: ['beginner', 'club', 'professional'], load_max: ['80 kg', '120 kg'] },
  },
] as const satisfies readonly Category[];

/** The slugs of the categories. */
export type CategorySlug = (typeof CATEGORIES)[number]['slug'];
