/** A head as it was published, or kept by somebody. */
export interface GivenHead {
  readonly note: string;
  /** The size, in digits, that it was published under; whoever kept one has none. */
  readonly name?: string;
}

/** What a verification goes by, as JSON in a file. */
export interface Trusted {
  /** Verifier keys of the log (C2SP signed-note). */
  readonly vkeys: readonly string[];
  /** In any order; the log is held against the largest that is signed. */
  readonly heads: readonly GivenHead[];
  /** Folder that the log is written to as files (C2SP tlog-tiles) instead of being verified. */
  readonly exportTo?: string;
}
