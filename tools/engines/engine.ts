/** What an installed engine tells of itself, for `doctor` and for the steps that use it. */
export interface InstalledEngine {
  readonly name: string;
  readonly version: string;
  /** Folder with `bin/` below it. */
  readonly folder: string;
  /** Where it came from, in words: "the machine's own", "npm package …". */
  readonly source: string;
}

/** How an installation reports what it waits for. */
export interface Progress {
  /** A line that replaces the one before. */
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/** One step of the installation: what it is called and how it is done. */
export interface EngineStep {
  readonly title: string;
  readonly install: (progress: Progress) => Promise<InstalledEngine>;
}
