/** What a verification goes by, as JSON in a file. */
export interface Trusted {
  /** Verifier keys of the log (C2SP signed-note). */
  readonly vkeys: readonly string[];
  /** Heads that somebody kept, in any order. */
  readonly heads: readonly string[];
  /** Those that were published, each in a file named by its size; what came after these keys were read is left out. */
  readonly published?: { readonly folder: string; readonly largest: number };
  /** Verifier keys of witnesses. */
  readonly witnesses?: readonly string[];
  /** How many of the witnesses must have cosigned one of the heads. @default all */
  readonly quorum?: number;
  /** Folder that the log is written to as files (C2SP tlog-tiles) instead of being verified. */
  readonly exportTo?: string;
  /** Folder of an archive that has what entries carried before it moved. */
  readonly archive?: string;
  /** The same of logs that ended before this one. */
  readonly former?: readonly TrustedFormer[];
}

/** What is trusted of a log that has a successor. */
export interface TrustedFormer extends Pick<Trusted, 'vkeys' | 'heads' | 'published'> {
  /** Its number. */
  readonly log: number;
}
