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

/** How an edge fails. */
export type Failing = 'errors' | 'slow';

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
  readonly limitSeconds: number;
  readonly failing: Failing | null;
  /** Milliseconds since 1970 from when on it fails; null where it does not, or longer than was looked at. */
  readonly sinceMs: number | null;
  /** Whether it broke first, fails since something else does, or neither. */
  readonly role: 'first' | 'after' | 'other';
  readonly command: string;
}

/** A node with what is seen of it. */
export interface NodeView extends PlatformNode {
  /** Its processes that answer; null where nothing of it is scraped. */
  readonly up: Told;
  /** `unseen`: nothing of it is scraped, which says nothing of how it is. */
  readonly state: 'up' | 'away' | 'unseen';
}

/** How a store of telemetry is: `starting` has not answered yet. */
export interface StoreView {
  readonly name: string;
  readonly state: 'answers' | 'starting' | 'away';
  /** Milliseconds since 1970 of the newest data that it gave; null before any. */
  readonly lastDataMs: number | null;
}

/** What broke first? */
export interface PlatformView {
  readonly atMs: number;
  /** Numbers are of so many seconds. */
  readonly windowSeconds: number;
  readonly state: 'starting' | 'away' | 'quiet' | 'well' | 'failing';
  readonly stores: readonly StoreView[];
  readonly nodes: readonly NodeView[];
  readonly edges: readonly EdgeView[];
  /** Id of the edge that broke first. */
  readonly first: string | null;
}
