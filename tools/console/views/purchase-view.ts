import type { Relation } from '../server/sources.ts';

/** A trace on the axis. */
export interface TracePart {
  readonly id: string;
  readonly relation: Relation;
  /** The service and the name of the span that it began with. */
  readonly began: string;
  readonly spans: number;
  /** Milliseconds since the axis begins. */
  readonly startMs: number;
  readonly durationMs: number;
}

/** A span on the axis, in the order of a tree. */
export interface SpanRow {
  readonly id: string;
  /** Position among `traces`. */
  readonly trace: number;
  readonly depth: number;
  readonly service: string;
  readonly instance: string;
  readonly name: string;
  readonly kind: string;
  /** Milliseconds since the axis begins. */
  readonly startMs: number;
  readonly durationMs: number;
  /** What of that no span below it explains. */
  readonly selfMs: number;
  readonly error: string | null;
  /** Whether its parent is not kept. */
  readonly isOrphan: boolean;
}

/** Something on the axis that has no duration. */
export interface Moment {
  /** `asked`: an effect that the saga waits for; `effect`: one that is over. */
  readonly kind: 'line' | 'state' | 'asked' | 'effect' | 'audit' | 'release';
  readonly atMs: number;
  readonly service: string;
  readonly what: string;
  /** The level of a line, what a customer sees of a state, what became of an effect, an entry's place, a digest. */
  readonly detail: string;
  readonly trace: string | null;
  /** What tells more of it; empty where nothing does. */
  readonly command: string;
}

/** What happened to this purchase? */
export interface PurchaseView {
  readonly id: string;
  readonly kind: 'trace' | 'request' | 'order';
  /** Orders that it is about, without what was asked for. */
  readonly orders: readonly string[];
  /** `unsampled`: there are lines of it, and no span was kept; `unknown`: there is nothing. */
  readonly state: 'found' | 'unsampled' | 'unknown' | 'away';
  /** Milliseconds since 1970 of the axis' beginning. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly traces: readonly TracePart[];
  readonly spans: readonly SpanRow[];
  readonly moments: readonly Moment[];
  /** How many are not shown, since there are too many. */
  readonly left: { readonly traces: number; readonly spans: number; readonly moments: number };
  /** Position in `spans` of what took longest by itself; null without spans. */
  readonly slowest: number | null;
  readonly command: string;
}
