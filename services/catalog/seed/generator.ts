import { CATEGORIES, type Category, type CategorySlug } from './categories.ts';
import { LANGUAGES, type Language } from './languages.ts';
import { Random, type Weighted } from './random.ts';

/** A generated product, in the fields of the contract's ProductInput. */
export interface GeneratedProduct {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly brand: string;
  readonly price: { readonly currencyCode: string; readonly minorUnits: bigint };
  readonly stock: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Products of `npm run seed` when nobody says how many. */
export const PRODUCT_COUNT_DEFAULT = 10_000;
/** Products that a catalogue can be asked to have. */
export const PRODUCT_COUNT_MAX = 1_000_000;

interface Currency {
  readonly code: string;
  /** A price in euro cents times this, divided by the denominator, is one in its minor units. */
  readonly numerator: number;
  readonly denominator: number;
}

const CURRENCIES: Weighted<Currency> = [
  [{ code: 'EUR', numerator: 1, denominator: 1 }, 45],
  [{ code: 'USD', numerator: 11, denominator: 10 }, 20],
  [{ code: 'GBP', numerator: 17, denominator: 20 }, 10],
  [{ code: 'PLN', numerator: 17, denominator: 4 }, 6],
  [{ code: 'CHF', numerator: 19, denominator: 20 }, 5],
  // No decimals: 1 EUR is about 160 JPY or 1500 KRW.
  [{ code: 'JPY', numerator: 8, denominator: 5 }, 8],
  [{ code: 'KRW', numerator: 15, denominator: 1 }, 4],
  // Three decimals: 1 EUR is about 0.333 KWD.
  [{ code: 'KWD', numerator: 10, denominator: 3 }, 2],
];

const WEIGHTED_CATEGORIES: Weighted<Category & { readonly slug: CategorySlug }> = CATEGORIES.map(
  (category) => [category, category.weight],
);
const WEIGHTED_LANGUAGES: Weighted<Language> = LANGUAGES.map((language) => [
  language,
  language.weight,
]);

const COLOURS = ['red', 'blue', 'grün', 'crème', '#ff8800', '黒', 'белый', 'naturel'];
const MATERIALS = ['oak', 'linen', 'steel', 'Edelstahl 18/10', 'бук', '竹', 'recycled PET (100 %)'];
const EMOJI = ['🎁', '🌱', '☕️', '👨‍👩‍👧‍👦', '🇬🇷', '👍🏽', '⚡', '♻️'];

/**
 * The first `count` products of an endless catalogue: product n is the same for every count and on
 * every machine. Throws a RangeError if count is not an integer of 1 to PRODUCT_COUNT_MAX.
 */
export function* generateProducts(count: number): Generator<GeneratedProduct, void, undefined> {
  if (!Number.isInteger(count) || count < 1 || count > PRODUCT_COUNT_MAX) {
    throw new RangeError(`Products must be 1 to ${PRODUCT_COUNT_MAX}, got ${count}`);
  }
  for (let number = 1; number <= count; number += 1) yield generateProduct(number);
}

function generateProduct(number: number): GeneratedProduct {
  // A stream of its own for each product, so that none depends on those before it.
  const random = new Random(number);
  const category = random.pickWeighted(WEIGHTED_CATEGORIES);
  const language = random.pickWeighted(WEIGHTED_LANGUAGES);
  const name = nameOf(random, language, category.slug);
  return {
    sku: `${category.prefix}-${number.toString().padStart(7, '0')}`,
    name,
    description: descriptionOf(random, language, name),
    category: category.slug,
    brand: random.pick(language.brands),
    price: priceOf(random, category),
    stock: stockOf(random),
    attributes: attributesOf(random, category, language),
  };
}

function nameOf(random: Random, language: Language, category: CategorySlug): string {
  const noun = random.pick(language.nouns[category]);
  const adjective = random.pick(language.adjectives);
  const words = language.nounFirst ? [noun, adjective] : [adjective, noun];
  const name = words.join(language.space);
  return random.chance(60) ? `${name} ${modelOf(random)}` : name;
}

function modelOf(random: Random): string {
  const letter = random.pick(['A', 'B', 'K', 'S', 'X', 'Ø', 'Σ', 'Ж', '改']);
  return `${letter}${random.integer(1, 9999)}${random.chance(10) ? ' Pro' : ''}`;
}

function descriptionOf(random: Random, language: Language, name: string): string {
  // Some merchants write nothing, most a few sentences, some a page.
  const length = random.pickWeighted([
    ['none', 8],
    ['short', 82],
    ['long', 10],
  ]);
  if (length === 'none') return '';
  const paragraphs = length === 'long' ? random.integer(5, 30) : 1;
  const text = Array.from({ length: paragraphs }, () =>
    random
      .sample(language.sentences, random.integer(1, 4))
      .map((sentence) => sentence.replace('{}', () => name))
      .join(language.space),
  ).join('\n\n');
  return random.chance(7) ? `${random.pick(EMOJI)} ${text} ${random.pick(EMOJI)}` : text;
}

function priceOf(random: Random, category: Category): GeneratedProduct['price'] {
  const currency = random.pickWeighted(CURRENCIES);
  const digits = random.pickWeighted(category.priceDigits);
  const smallest = Number(`1${'0'.repeat(digits - 1)}`);
  const cents = random.integer(smallest, smallest * 10 - 1);
  const amount = Math.floor((cents * currency.numerator) / currency.denominator);
  return { currencyCode: currency.code, minorUnits: BigInt(roundedLikeAPrice(random, amount)) };
}

/** Prices end in 9, 99 or 00 more often than chance has it, and a few things are free. */
function roundedLikeAPrice(random: Random, amount: number): number {
  const hundreds = Math.floor(amount / 100) * 100;
  return random.pickWeighted([
    [hundreds + 99, 50],
    [Math.floor(amount / 10) * 10 + 9, 20],
    [Math.max(hundreds, 100), 15],
    [amount, 14],
    [0, 1],
  ]);
}

function stockOf(random: Random): number {
  const magnitude = random.pickWeighted([
    [0, 12],
    [9, 38],
    [99, 35],
    [999, 13],
    [100_000, 2],
  ]);
  return random.integer(Math.min(magnitude, 1), magnitude);
}

function attributesOf(
  random: Random,
  category: Category,
  language: Language,
): Readonly<Record<string, string>> {
  if (random.chance(15)) return {};
  const attributes: Record<string, string> = { language: language.tag };
  if (random.chance(60)) attributes['colour'] = random.pick(COLOURS);
  if (random.chance(50)) attributes['material'] = random.pick(MATERIALS);
  const own = Object.entries(category.attributes);
  for (const [key, values] of random.sample(own, random.integer(0, own.length))) {
    attributes[key] = random.pick(values);
  }
  // A data sheet, as imports from other systems bring along.
  const measurements = random.chance(3) ? random.integer(10, 40) : 0;
  for (let index = 1; index <= measurements; index += 1) {
    attributes[`measurement_${index}`] = `${random.integer(1, 500)} mm ± ${random.integer(1, 9)} %`;
  }
  return attributes;
}
