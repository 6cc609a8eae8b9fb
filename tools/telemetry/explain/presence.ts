import type { PlatformGraph, ServiceNode } from '@meridian/components/model/graph.ts';
import { zoneSubject } from '@meridian/components/observability/rules/causes.ts';
import type { Series } from '../stores/prometheus.ts';
import { finding } from './finding.ts';
import type { Finding } from './finding.ts';
import { ENGINES_UP, UP_LATELY } from './snapshot-queries.ts';
import { lastOf, lastTime } from './snapshot.ts';
import type { ExplainLimits, MetricsSnapshot } from './snapshot.ts';
import { text } from './edge-queries.ts';

const isUp = (value: number): boolean => value === 1;

/** A replica that is not there takes some of what is asked of it along, and no more. */
const ONE_OF_SOME = 0.6;

/** Engines, zones and replicas that are not there. */
export function presenceFindings(
  graph: PlatformGraph,
  { engines, up }: MetricsSnapshot,
  atMs: number,
  { replicas }: Pick<ExplainLimits, 'replicas'>,
): readonly Finding[] {
  return [
    ...[...Map.groupBy(engines, ({ labels }) => labels['engine'] ?? '')].flatMap(([name, nodes]) =>
      engineFinding(name, nodes, atMs),
    ),
    ...graph.zones.flatMap(({ name }) => zoneFinding(name, up, atMs)),
    ...graph.services.flatMap((service) => serviceFinding(service, up, atMs, replicas)),
  ];
}

/** An engine of which nothing is known is not said to be away. */
function engineFinding(id: string, nodes: readonly Series[], atMs: number): readonly Finding[] {
  const known = nodes.filter((node) => lastOf(node, atMs) !== undefined);
  const gone = known.filter((node) => lastOf(node, atMs) === 0);
  if (gone.length === 0) return [];
  const isAway = gone.length === known.length;
  const names = gone.map(({ labels }) => labels['node'] ?? '').join(', ');
  const says = isAway
    ? 'does not answer'
    : `${gone.length} of its ${known.length} processes do not answer: ${names}`;
  const subject = { id, kind: 'engine', weight: isAway ? 1 : ONE_OF_SOME } as const;
  const evidence = {
    kind: isAway ? 'away' : 'replica',
    ...{ says, sinceMs: lastTime(gone, isUp), query: text(ENGINES_UP) },
  } as const;
  return [finding(subject, [evidence])];
}

/** A zone in which something was seen within the minutes that are looked at, and nothing is. */
function zoneFinding(zone: string, up: readonly Series[], atMs: number): readonly Finding[] {
  const inside = up.filter(({ labels }) => labels['zone'] === zone);
  const sinceMs = lastTime(inside, isUp);
  const isSeen = inside.some((series) => lastOf(series, atMs) === 1);
  const others = up.some((series) => !inside.includes(series) && lastOf(series, atMs) === 1);
  if (sinceMs === null || isSeen || !others) return [];
  const says = `none of its ${inside.length} replicas is seen`;
  return [
    finding({ id: zoneSubject(zone), kind: 'zone', weight: 1 }, [
      { kind: 'zone', says, sinceMs, query: text(UP_LATELY) },
    ]),
  ];
}

function serviceFinding(
  { name, scale }: ServiceNode,
  up: readonly Series[],
  atMs: number,
  replicas: ExplainLimits['replicas'],
): readonly Finding[] {
  const own = up.filter(({ labels }) => labels['job'] === name);
  const there = own.filter((series) => lastOf(series, atMs) === 1);
  const gone = own.filter((series) => !there.includes(series));
  const subject = { id: name, kind: 'service' } as const;
  const query = text(UP_LATELY);
  const expected = replicas[name] ?? scale.minReplicas;
  if (there.length < expected) {
    const isAway = there.length === 0;
    const names = gone.map(({ labels }) => labels['instance'] ?? '').join(', ');
    const says = isAway
      ? 'no replica is seen'
      : `${there.length} of ${expected} replicas are seen${names === '' ? '' : `, not ${names}`}`;
    const kind = isAway ? 'away' : 'replica';
    const evidence = { kind, says, sinceMs: lastTime(gone, isUp), query } as const;
    return [finding({ ...subject, weight: isAway ? 1 : ONE_OF_SOME }, [evidence])];
  }
  const restarted = own.filter((series) => ends(series, atMs) >= RESTARTS_MIN);
  if (restarted.length === 0) return [];
  const says = restarted
    .map((series) => `${series.labels['instance'] ?? ''} was away ${ends(series, atMs)} times`)
    .join(', ');
  return [
    finding({ ...subject, weight: ONE_OF_SOME / 2 }, [
      { kind: 'restarts', says, sinceMs: lastTime(restarted, (value) => value === 0), query },
    ]),
  ];
}

/** Once or twice is a release, or somebody at work. */
const RESTARTS_MIN = 3;
const RESTARTS_WITHIN_SECONDS = 600;

/** How often a replica that was there was not any more. */
function ends({ points }: Series, atMs: number): number {
  const since = atMs / 1_000 - RESTARTS_WITHIN_SECONDS;
  const lately = points.filter(([at]) => at >= since);
  return lately.filter(([, value], position) => value === 0 && lately[position - 1]?.[1] === 1)
    .length;
}
