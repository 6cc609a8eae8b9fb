/** Asks once; gives what came instead of a success. */
export type Ask = () => Promise<string | undefined>;

/** A public method as it is asked. */
export interface Asked {
  readonly ask: Ask;
  /** Makes, before calls are timed, what so many of them need. */
  readonly prepare?: (calls: number) => Promise<void>;
  /** Latency and cost are measured at this rate. @default BASE_RATE */
  readonly ratePerSecond?: number;
  /** Why it is asked at no higher rate. @default it is, at twice the rate until it does not hold */
  readonly onlyBecause?: string;
  /** @default the service's objective */
  readonly objectiveMs?: number;
}

/** A public method that is measured. */
export interface Operation extends Asked {
  /** As the contract has it, such as `CatalogService/GetProduct`. */
  readonly method: string;
  /** 99th percentile in milliseconds up to which a rate counts as held. */
  readonly objectiveMs: number;
}

/** The public methods of a service, by their names in the contract. */
export type AskedMethods = Readonly<Record<string, Asked>>;
