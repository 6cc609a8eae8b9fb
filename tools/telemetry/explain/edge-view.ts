/** A number that can be opened: null where nothing is known of it. */
export interface Told {
  readonly value: number | null;
  /** The PromQL that gives it. */
  readonly query: string;
}

export type NodeKind = 'users' | 'service' | 'engine' | 'topic' | 'external';

/** Something that edges join. */
export interface PlatformNode {
  readonly id: string;
  readonly kind: NodeKind;
  /** The job of its processes in the store of metrics; null where nothing scrapes it. */
  readonly job: string | null;
}

export type EdgeKind = 'request' | 'call' | 'store' | 'publish' | 'consume' | 'external';

/**
 * What is known of an edge. `quiet` was seen, but not lately; `unmeasured` has no metric; `unknown`: the store
 * of metrics is away or has nothing yet.
 */
export type EdgeState =
  'seen' | 'quiet' | 'never' | 'undeclared' | 'refused' | 'unmeasured' | 'unknown';

/** How an edge fails; `locked`: what is asked of a database waits for a lock that somebody holds. */
export type Failing = 'errors' | 'slow' | 'locked';

/** An edge with what was seen of it. */
export interface EdgeView {
  readonly id: string;
  readonly kind: EdgeKind;
  readonly from: string;
  readonly to: string;
  /** A topic or database; empty for calls. */
  readonly about: string;
  readonly state: EdgeState;
  /** Calls or events a second. */
  readonly rate: Told;
  /** Share of them that failed, 0 to 1. */
  readonly errors: Told;
  /** Seconds: the 99th percentile of calls; of events the age of the oldest that waits. */
  readonly slowest: Told;
  /** Seconds: the same of the hour that ended ten minutes ago. */
  readonly usual: Told;
  /** The PromQL of `slowest` by operation; empty where it has none. */
  readonly byOperation: string;
  readonly limitSeconds: number;
  readonly failing: Failing | null;
  /** The method, route or statement of which most fails; null where it is not one. */
  readonly operation: string | null;
  /** The share that fails at least, with a confidence of 99 %; 1 where events wait, 0 where nothing fails. */
  readonly failingShare: number;
  /** Seconds that callers wait for it together, in each second. */
  readonly waitedPerSecond: number;
  /** Milliseconds since 1970 from when on it fails; null where it does not, or longer than was looked at. */
  readonly sinceMs: number | null;
  /** Whether it broke first, fails since something else does, or neither. */
  readonly role: Role;
  readonly command: string;
}

export type Role = 'first' | 'after' | 'other';
