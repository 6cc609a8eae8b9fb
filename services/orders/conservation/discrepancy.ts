/** Something that the books of the services say differently. */
export interface Discrepancy {
  /** Such as `product 0192…`, `order 0192…` or `currency EUR`. */
  readonly about: string;
  /** What always holds, such as `on hand + sold = received`. */
  readonly rule: string;
  /** What was found instead. */
  readonly found: string;
  /** Versions of all that was compared; while they change it may only have been read at two moments. */
  readonly versions: string;
}
