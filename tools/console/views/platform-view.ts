import type { ExplanationState } from '../../telemetry/explain/explain.ts';
import type { EdgeView, PlatformNode, Role, Told } from '../../telemetry/explain/edge-view.ts';
import type { Finding } from '../../telemetry/explain/finding.ts';

/** A node with what is seen of it. */
export interface NodeView extends PlatformNode {
  /** Its processes that answer; null where nothing of it is scraped. */
  readonly up: Told;
  /** `unseen`: nothing of it is scraped, which says nothing of how it is. */
  readonly state: 'up' | 'away' | 'unseen';
  readonly role: Role;
}

/** How a store of telemetry is: `starting` has not answered yet. */
export interface StoreView {
  readonly name: string;
  readonly state: 'answers' | 'starting' | 'away';
  /** Milliseconds since 1970 of the newest data that it gave; null before any. */
  readonly lastDataMs: number | null;
}

/** An alert that fires: its name, and what it is about. */
export interface FiringAlert {
  readonly alert: string;
  readonly about: string;
}

/** What broke first? */
export interface PlatformView {
  readonly atMs: number;
  /** Numbers are of so many seconds. */
  readonly windowSeconds: number;
  readonly state: ExplanationState;
  readonly stores: readonly StoreView[];
  readonly nodes: readonly NodeView[];
  readonly edges: readonly EdgeView[];
  /** An edge, or what edges join and run in. */
  readonly first: Finding | null;
  /** What fails because of it, and what is wrong besides. */
  readonly follows: readonly Finding[];
  readonly others: readonly Finding[];
  /** The id of the edge whose calls have become slower than usual, most of all; null where none have. */
  readonly slower: string | null;
  /** Alerts remember minutes and hours, edges the last minute: one may fire while no edge fails. */
  readonly firing: readonly FiringAlert[];
}
