/** A record on its way to Kafka. */
export interface OutgoingRecord {
  readonly topic: string;
  /** Records with one key stay in order. */
  readonly key: Buffer | null;
  /** Null for a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string | Buffer>>;
}

/** What sends records. */
export interface Publisher {
  /**
   * Sends records in their order, and returns once every one of them is on all in-sync replicas.
   * After an error some may have arrived, always together with those of the same partition before
   * them; sending all again is right.
   */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
}
