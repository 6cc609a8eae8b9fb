/** How often a property is tried. */
export interface PropertyRuns {
  /** In `npm test`, whose seed is the same each time: enough for the faults that were planted. */
  readonly each: number;
  /** By `npm run test:long -- properties`, with seeds that nobody chose. */
  readonly long: number;
}

/** How often a property is tried in this run; `MERIDIAN_PROPERTY_SEED` says which it is (tests/seeded-fast-check.js). */
export function propertyRuns({ each, long }: PropertyRuns): { readonly numRuns: number } {
  return { numRuns: process.env['MERIDIAN_PROPERTY_SEED'] === undefined ? each : long };
}
