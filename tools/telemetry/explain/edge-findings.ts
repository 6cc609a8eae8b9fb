import { lastOf } from './snapshot.ts';
import type { MetricsSnapshot } from './snapshot.ts';
import { LOCKS_WAITING, OLDEST_TRANSACTION } from './snapshot-queries.ts';
import { text } from './edge-queries.ts';
import type { EdgeView } from './edge-view.ts';
import { finding } from './finding.ts';
import type { Evidence, Finding } from './finding.ts';
import { onset } from './onset.ts';
import { percent, seconds } from './words.ts';

/** A transaction that is open for so long holds what others wait for; those of requests are over sooner. */
const OPEN_SECONDS = 8;

/** What fails at each edge. */
export function edgeFindings(
  edges: readonly EdgeView[],
  metrics: MetricsSnapshot,
  atMs: number,
): readonly Finding[] {
  const locks = locksOf(metrics, atMs);
  return edges
    .filter(({ failing }) => failing !== null)
    .map((edge) => {
      const own = edge.failing === 'locked' ? [] : [evidenceOf(edge)];
      const evidence = [...own, ...(isOfDatabase(edge) ? locks : [])];
      return finding({ id: edge.id, kind: 'edge', weight: weightOf(edge) }, evidence);
    });
}

/** Services do without it (ADR 30), so what fails there makes nothing fail. */
const SPARED = new Set(['redis']);
const SPARED_WEIGHT = 0.2;

function weightOf({ to, failingShare }: EdgeView): number {
  return SPARED.has(to) ? failingShare * SPARED_WEIGHT : failingShare;
}

/** Engines that answer, and fail for all who use them. */
export function engineFindings(edges: readonly EdgeView[]): readonly Finding[] {
  const used = edges.filter(
    ({ kind, rate, failing }) => kind === 'store' && (failing !== null || (rate.value ?? 0) > 0),
  );
  return [...Map.groupBy(used, ({ to }) => to)].flatMap(([id, users]) => {
    const [first] = users;
    if (first === undefined || users.length < 2) return [];
    if (users.some(({ failing }) => failing === null)) return [];
    const evidence = {
      ...evidenceOf(first),
      kind: 'itself',
      says: `fails or is slow for all ${users.length} that use it`,
    } as const;
    return [finding({ id, kind: 'engine', weight: Math.max(...users.map(weightOf)) }, [evidence])];
  });
}

function evidenceOf(edge: EdgeView): Evidence {
  const { kind, failing, operation, errors, slowest, limitSeconds, sinceMs } = edge;
  if (failing === 'errors') {
    const which = operation === null ? '' : `, most of ${operation}`;
    const says = `${percent(errors.value ?? 0)} fail${which}`;
    return { kind: 'errors', says, sinceMs, query: errors.query };
  }
  const value = seconds(slowest.value ?? 0);
  if (kind === 'publish' || kind === 'consume') {
    const says = `the oldest event waits for ${value}, ${seconds(limitSeconds)} are promised`;
    return { kind: 'waits', says, sinceMs, query: slowest.query };
  }
  const says = `p99 of ${value}, ${seconds(limitSeconds)} are promised`;
  return { kind: 'slow', says, sinceMs, query: slowest.query };
}

/** That sessions wait for locks while a transaction is open for longer than any request takes. */
function locksOf(
  { locksWaiting, oldestTransaction }: MetricsSnapshot,
  atMs: number,
): readonly Evidence[] {
  const waiting = Math.max(0, ...locksWaiting.map((series) => lastOf(series, atMs) ?? 0));
  const open = Math.max(0, ...oldestTransaction.map((series) => lastOf(series, atMs) ?? 0));
  if (waiting === 0 || open < OPEN_SECONDS) return [];
  return [
    {
      kind: 'locks',
      says: `${waiting} sessions wait for a lock`,
      sinceMs: onset(locksWaiting, (value) => value > 0),
      query: text(LOCKS_WAITING),
    },
    {
      kind: 'locks',
      says: `a transaction is open for ${seconds(open)}`,
      sinceMs: atMs - open * 1_000,
      query: text(OLDEST_TRANSACTION),
    },
  ];
}

/**
 * The edges with the one to a database that waits for locks, where nothing else tells: that of the service whose work
 * stands still while no edge to a database fails. The server does not say whose the locks are.
 */
export function withLocks(
  edges: readonly EdgeView[],
  metrics: MetricsSnapshot,
  atMs: number,
): readonly EdgeView[] {
  const [lock] = locksOf(metrics, atMs);
  const databases = edges.filter(isOfDatabase);
  const isKnown = databases.some(
    ({ failing, failingShare }) => failing !== null && failingShare > CHANCE,
  );
  if (lock === undefined || isKnown) return edges;
  const suffering = edges
    .filter(({ failing }) => failing !== null)
    .map(({ kind, from, to }) => (kind === 'publish' ? from : to))
    .filter((service) => databases.some(({ from }) => from === service));
  const [worst] = [...Map.groupBy(suffering, (service) => service)].toSorted(
    ([, one], [, other]) => other.length - one.length,
  );
  const locked = databases.find(({ from }) => from === worst?.[0]);
  const { sinceMs } = lock;
  return edges.map((edge) =>
    edge === locked ? { ...edge, failing: 'locked', failingShare: 1, sinceMs } : edge,
  );
}

/** A share of slow statements that a busy machine makes. */
const CHANCE = 0.1;

function isOfDatabase({ kind, to }: EdgeView): boolean {
  return kind === 'store' && to === 'postgres';
}
