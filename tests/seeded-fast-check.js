/**
 * fast-check with the same seed in every run, so that a change is judged by what it changed; `MERIDIAN_PROPERTY_SEED` is another
 * one, or `random`, with which `npm run test:long -- properties` looks for what no seed has found. jest gives suites this module
 * as 'fast-check'.
 */
import fc from '../node_modules/fast-check/lib/fast-check.js';

const seed = process.env.MERIDIAN_PROPERTY_SEED ?? '1';
if (seed !== 'random') {
  if (!/^-?\d{1,10}$/.test(seed))
    throw new Error(`MERIDIAN_PROPERTY_SEED is '${seed}': it is a whole number, or 'random'`);
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
}

export * from '../node_modules/fast-check/lib/fast-check.js';
export { default } from '../node_modules/fast-check/lib/fast-check.js';
