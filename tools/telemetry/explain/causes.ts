import { ENGINE_USERS } from '@meridian/components/engine-users.ts';
import type { EdgeKind, EdgeView } from './edge-view.ts';
import type { Finding } from './finding.ts';

/** Whoever waits for these waits for what is behind them. */
const WAITED_FOR: ReadonlySet<EdgeKind> = new Set(['call', 'store', 'external']);

export function isWaitedFor({ kind }: Pick<EdgeView, 'kind'>): boolean {
  return WAITED_FOR.has(kind);
}

/**
 * The failing edges that can make another one fail, at whatever distance: what the called service waits for itself, and of
 * events who publishes them, and what their consumer waits for. What is asked and does not fail passes nothing on.
 */
export function causesOf(edge: EdgeView, edges: readonly EdgeView[]): ReadonlySet<EdgeView> {
  const failing = edges.filter((each) => each.failing !== null);
  const found = new Set<EdgeView>();
  const open = [edge];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const cause of directCauses(next, failing)) {
      if (cause.id === edge.id || found.has(cause)) continue;
      found.add(cause);
      open.push(cause);
    }
  }
  return found;
}

function directCauses(
  { kind, from, to }: EdgeView,
  edges: readonly EdgeView[],
): readonly EdgeView[] {
  const behind = (name: string) => edges.filter((edge) => edge.from === name && isWaitedFor(edge));
  switch (kind) {
    case 'request':
    case 'call':
      return behind(to);
    case 'publish':
      // An outbox is a table.
      return edges.filter((edge) => edge.from === from && edge.to === ENGINE_USERS.postgres.job);
    case 'consume':
      return [
        ...edges.filter((edge) => edge.to === from && edge.kind === 'publish'),
        ...behind(to),
      ];
    case 'store':
    case 'external':
      return [];
  }
}

/** What was lost with a part of something fails within so long, or is another fault. */
const TAKEN_ALONG_MS = { before: 30_000, after: 120_000 } as const;

/** Which findings can be the cause of another, by the graph and by time. */
export function causesAmong(
  findings: readonly Finding[],
  edges: readonly EdgeView[],
): (effect: Finding) => readonly Finding[] {
  const subjects = new Map(edges.map((edge) => [edge.id, subjectsOf(edge, edges)]));
  return (effect) =>
    findings.filter((cause) => {
      if (cause === effect) return false;
      if (cause.kind === 'zone') return effect.kind !== 'zone' && isTakenAlong(cause, effect);
      if (effect.kind !== 'edge') return false;
      if (subjects.get(effect.id)?.has(cause.id) !== true) return false;
      if (!isEnough(cause, effect)) return false;
      // A copy that is away takes along what it was about to answer; others go on.
      return isWhole(cause) || isTakenAlong(cause, effect);
    });
}

/** Every failing edge that can make one fail, and whatever these join: a topic is as its engine is. */
function subjectsOf(edge: EdgeView, edges: readonly EdgeView[]): ReadonlySet<string> {
  const causes = [...causesOf(edge, edges)];
  const joined = [edge, ...causes].flatMap(({ kind, from, to }) =>
    kind === 'publish' || kind === 'consume' ? [from, to, ENGINE_USERS.kafka.job] : [from, to],
  );
  return new Set([...causes.map(({ id }) => id), ...joined]);
}

/** A call makes so many of another at most; of what a service is late with itself it sees some as the fault of others. */
const CALLS_OF_A_CALL = 10;
const SEEN_LATE = 2;

/** Whether enough fails at a cause for all that fails at its effect. */
function isEnough(cause: Finding, effect: Finding): boolean {
  if (cause.kind === 'edge') return cause.weight * CALLS_OF_A_CALL >= effect.weight;
  const isItself = cause.evidence.some(({ kind }) => kind === 'itself');
  return !isItself || cause.weight * SEEN_LATE >= effect.weight;
}

/** Whether the evidence is of all of something, and not of one of its copies or of what is to come. */
function isWhole({ kind, evidence }: Finding): boolean {
  return kind === 'edge' || evidence.some((each) => each.kind === 'away' || each.kind === 'itself');
}

function isTakenAlong(cause: Finding, effect: Finding): boolean {
  if (cause.sinceMs === null || effect.sinceMs === null) return true;
  const afterMs = effect.sinceMs - cause.sinceMs;
  return afterMs >= -TAKEN_ALONG_MS.before && afterMs <= TAKEN_ALONG_MS.after;
}
