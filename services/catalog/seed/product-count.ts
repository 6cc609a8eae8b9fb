import { CodedError } from '@meridian/language/coded-error.ts';
import { PRODUCT_COUNT_DEFAULT, PRODUCT_COUNT_MAX } from './generator.ts';

/**
 * How many products to load: the first argument, else the variable SEED_PRODUCTS, else the default.
 * Throws a CodedError if it is not an integer in range.
 */
export function productCount(
  argument: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): number {
  const variable = environment['SEED_PRODUCTS'];
  const given = argument ?? (variable === '' ? undefined : variable);
  if (given === undefined) return PRODUCT_COUNT_DEFAULT;
  const count = Number(given);
  if (!/^\d+$/.test(given) || count < 1 || count > PRODUCT_COUNT_MAX) {
    const where = argument === undefined ? 'set it in SEED_PRODUCTS' : 'it is the first argument';
    throw new CodedError(
      'KIT_CONFIGURATION',
      `Seed: products must be 1 to ${PRODUCT_COUNT_MAX}, got '${given}'; ${where}`,
    );
  }
  return count;
}
