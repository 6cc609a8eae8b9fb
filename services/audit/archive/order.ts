import type { Trusted } from '../verification/trusted.ts';

/** What the task is told, as JSON in a file. */
export interface Order extends Required<Pick<Trusted, 'vkeys' | 'published'>> {
  /** Folder of the archive; one that is there is verified, and not written again. */
  readonly folder: string;
  /** An archive that has what has moved already. */
  readonly earlier?: string;
  /** Whether the log is to say that there is the archive. */
  readonly record: boolean;
}

/** What came of it, as JSON. */
export interface Told {
  readonly folder: string;
  readonly treeSize: number;
  readonly keepDays: number;
  readonly written: boolean;
  /** Entry of the log that says that there is the archive; null without `record`. */
  readonly recordedBy: number | null;
}
