import type { EdgeView } from '../../telemetry/explain/edge-view.ts';
import { WINDOW } from '../../telemetry/explain/edge-queries.ts';

/** Fewer calls than these say little of their 99th percentile. */
const CALLS_MIN = 50;
/** What takes so many times as long as usual, and so many seconds more, has become slower. */
const TIMES_MIN = 2;
const SECONDS_MIN = 0.01;

/**
 * The edge that has become slower than it was in the hour before, most of all edges; null where none has. It may be well
 * within what it promises. Of events there is none: they wait for as long as somebody takes them.
 */
export function slowerEdge(edges: readonly EdgeView[]): EdgeView | null {
  const [worst] = edges
    .filter(hasSlowed)
    .toSorted((one, other) => timesUsual(other) - timesUsual(one));
  return worst ?? null;
}

function hasSlowed(edge: EdgeView): boolean {
  const { kind, rate, slowest, usual } = edge;
  if (kind === 'publish' || kind === 'consume') return false;
  const more = (slowest.value ?? 0) - (usual.value ?? Infinity);
  const calls = (rate.value ?? 0) * WINDOW.seconds;
  return calls >= CALLS_MIN && more >= SECONDS_MIN && timesUsual(edge) >= TIMES_MIN;
}

function timesUsual({ slowest, usual }: EdgeView): number {
  return (slowest.value ?? 0) / (usual.value ?? Infinity);
}
