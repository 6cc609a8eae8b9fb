/** What a verification goes by, as JSON in a file. */
export interface Trusted {
  /** Verifier keys of the log (C2SP signed-note). */
  readonly vkeys: readonly string[];
  /** Heads as they were published, in any order; the log is held against the largest that is signed. */
  readonly heads: readonly string[];
  /** Folder that the log is written to as files (C2SP tlog-tiles) instead of being verified. */
  readonly exportTo?: string;
}
