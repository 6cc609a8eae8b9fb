import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { EdgeView } from './edge-view.ts';
import { causesOf, isWaitedFor } from './causes.ts';
import { earliest, finding } from './finding.ts';
import type { Evidence, Finding } from './finding.ts';
import { lastOf } from './snapshot.ts';
import type { ExplainLimits, MetricsSnapshot } from './snapshot.ts';
import { onset } from './onset.ts';
import { text } from './edge-queries.ts';
import { CERTIFICATES_LEFT } from './snapshot-queries.ts';
import { percent, seconds } from './words.ts';

/** Of the time that callers wait for a service, what it waits itself at least where something behind it is to blame. */
const BEHIND_SHARE = 0.5;

/** Fewer calls in a minute say nothing of an edge that does not fail. */
const CALLS_A_SECOND_MIN = 1 / 3;

/** Services that are to blame themselves, and not what is behind them. */
export function serviceFindings(
  graph: PlatformGraph,
  edges: readonly EdgeView[],
): readonly Finding[] {
  return graph.services.flatMap(({ name }) => {
    const evidence = standsStill(name, edges) ?? failsForAll(name, edges);
    if (evidence === undefined) return [];
    const shares = incoming(name, edges).map(({ failingShare }) => failingShare);
    return [finding({ id: name, kind: 'service', weight: Math.max(0, ...shares) }, [evidence])];
  });
}

function incoming(service: string, edges: readonly EdgeView[]): readonly EdgeView[] {
  return edges.filter(
    ({ kind, to, rate, failing }) =>
      to === service &&
      (kind === 'call' || kind === 'request') &&
      (failing !== null || (rate.value ?? 0) >= CALLS_A_SECOND_MIN),
  );
}

/**
 * Callers wait for it, and it does not wait for anything: its own code takes the time, or it gets no CPU. Its own
 * calls look slow too then, as it looks late at their answers.
 */
function standsStill(service: string, edges: readonly EdgeView[]): Evidence | undefined {
  const callers = incoming(service, edges);
  const slow = callers.filter(({ failing }) => failing === 'slow');
  const [first] = slow;
  if (first === undefined || slow.length < callers.length) return undefined;
  const behind = edges.filter((edge) => edge.from === service && isWaitedFor(edge));
  // How long a system outside takes is not measured.
  if (behind.some(({ state }) => state === 'unmeasured')) return undefined;
  const late = Math.min(...slow.map(({ failingShare }) => failingShare));
  const own = Math.max(0, ...behind.map(({ failingShare }) => failingShare));
  const [waited, waits] = [waitedFor(callers), waitedFor(behind)];
  // What it polls is late too, and no caller's.
  if (waits > waited * BEHIND_SHARE && own * CALLS_OF_A_CALL > late) return undefined;
  return {
    kind: 'itself',
    says: `${percent(late)} of the calls for it are late and ${percent(own)} of its own; callers wait ${seconds(waited)} in each second, and it ${seconds(waits)}`,
    sinceMs: earliest(slow),
    query: first.slowest.query,
  };
}

/** A call makes so many others, of which each may be the one that is late. */
const CALLS_OF_A_CALL = 5;

function waitedFor(edges: readonly EdgeView[]): number {
  return edges.reduce((sum, { waitedPerSecond }) => sum + waitedPerSecond, 0);
}

/** It fails for all who call it, and nothing behind it does. */
function failsForAll(service: string, edges: readonly EdgeView[]): Evidence | undefined {
  const callers = incoming(service, edges);
  const [first, second] = callers;
  if (first === undefined || second === undefined) return undefined;
  if (callers.some(({ failing }) => failing !== 'errors')) return undefined;
  if (causesOf(first, edges).size > 0) return undefined;
  return {
    kind: 'itself',
    says: `fails for all ${callers.length} that call it, and nothing behind it does`,
    sinceMs: earliest(callers),
    query: first.errors.query,
  };
}

/** An agent renews when half of the time is left; the alert fires at a quarter. */
const LEFT_SHARE = 0.25;

/** Users feel nothing of it yet. */
const SOON = 0.7;

/** Certificates that are near their end: nothing reaches the service afterwards. */
export function certificateFindings(
  { certificates }: MetricsSnapshot,
  atMs: number,
  { certificateLifetimeSeconds }: Pick<ExplainLimits, 'certificateLifetimeSeconds'>,
): readonly Finding[] {
  const limit = certificateLifetimeSeconds * LEFT_SHARE;
  return certificates.flatMap((series) => {
    const left = lastOf(series, atMs);
    if (left === undefined || left >= limit) return [];
    const { job = '', instance = '' } = series.labels;
    const says =
      left > 0
        ? `a certificate of ${instance} is valid for ${seconds(left)} more, and was not renewed`
        : `a certificate of ${instance} has expired`;
    return [
      finding({ id: job, kind: 'service', weight: left > 0 ? SOON : 1 }, [
        {
          ...{ kind: 'certificate', says, query: text(CERTIFICATES_LEFT) },
          sinceMs: onset([series], (value) => value < limit),
        },
      ]),
    ];
  });
}
