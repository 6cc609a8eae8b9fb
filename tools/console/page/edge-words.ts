import type { EdgeState, EdgeView } from '../../telemetry/explain/edge-view.ts';
import { duration, percent } from './format.ts';

/** The states of an edge in words. */
export const EDGE_STATES: Readonly<Record<EdgeState, string>> = {
  seen: 'declared and seen',
  quiet: 'no traffic now',
  never: 'declared, never seen',
  undeclared: 'seen, not declared',
  refused: 'refused',
  unmeasured: 'not measured',
  unknown: 'not known',
};

export const EDGE_TONES = {
  seen: 'good',
  quiet: 'plain',
  never: 'plain',
  undeclared: 'odd',
  refused: 'odd',
  unmeasured: 'plain',
  unknown: 'plain',
} as const satisfies Readonly<Record<EdgeState, string>>;

/** How an edge is, in one line. */
export function edgeWords(edge: EdgeView): string {
  return `${edge.from} → ${edge.to}: ${failureWords(edge) ?? EDGE_STATES[edge.state]}`;
}

/** How an edge fails; undefined where it does not. */
export function failureWords({ failing, errors, slowest, kind }: EdgeView): string | undefined {
  if (failing === 'errors') return `${percent(errors.value ?? 0)} errors`;
  if (failing === 'locked') return 'waits for a lock';
  if (failing !== 'slow') return undefined;
  const isOfEvents = kind === 'publish' || kind === 'consume';
  const time = duration(slowest.value ?? 0);
  return isOfEvents ? `events wait for ${time}` : `p99 of ${time}`;
}

export function edgeAddress(id: string): string {
  return `/edge?${new URLSearchParams({ id }).toString()}`;
}
