/** The head of the log at one size, as it was signed. */
export interface SignedHead {
  readonly size: bigint;
  /** The checkpoint: a signed note (C2SP tlog-checkpoint). */
  readonly note: string;
}

/** What a stranger needs to check the signatures of one key of the log. */
export interface PublishedKey {
  /** Eight hexadecimal digits. */
  readonly keyId: string;
  /** The key as a signed note's verifier key (C2SP signed-note). */
  readonly vkey: string;
  /** The key's certificate and those that vouch for it, in PEM, the key's own first. */
  readonly chainPem: string;
}

/**
 * Where heads are kept outside the database, so that whoever changes the database cannot change them too.
 * All calls may be repeated; each fails while the place is away, and who calls decides when to try again.
 */
export interface Publication {
  /** The published head of the largest size, or of the largest one below a size; undefined where there is none. */
  newest(below?: bigint): Promise<SignedHead | undefined>;
  /** Resolves once the head is kept for good; rejects where another head of its size was published. */
  publish(head: SignedHead): Promise<void>;
  /** Shows the newest head by the one name, where a writer that was late or failed left an older one. */
  showNewest(head: SignedHead): Promise<void>;
  publishKey(key: PublishedKey): Promise<void>;
  /** The published certificates of a key, as PEM. */
  certificates(keyId: string): Promise<string | undefined>;
}

/**
 * The place of each log by its number: that of the first, and for each successor one of its own, since a head's
 * name is no more than its size.
 */
export type Publications = (log: number) => Publication;
