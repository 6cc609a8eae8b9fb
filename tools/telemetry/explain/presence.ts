import type { PlatformGraph, ServiceNode } from '@meridian/components/model/graph.ts';
import { zoneSubject } from '@meridian/components/observability/rules/causes.ts';
import type { Series } from '../stores/prometheus.ts';
import { finding } from './finding.ts';
import type { Finding } from './finding.ts';
import { ENGINES_UP, SENT, UP_LATELY } from './snapshot-queries.ts';
import { isSeen, lastOf, lastTime } from './snapshot.ts';
import type { ExplainLimits, MetricsSnapshot } from './snapshot.ts';
import { text } from './edge-queries.ts';

const isUp = (value: number): boolean => value === 1;

/** A replica that is not there takes some of what is asked of it along, and no more. */
const ONE_OF_SOME = 0.6;

/** Engines, zones and replicas that are not there. */
export function presenceFindings(
  graph: PlatformGraph,
  { engines, up, sent }: MetricsSnapshot,
  atMs: number,
  { replicas }: Pick<ExplainLimits, 'replicas'>,
): readonly Finding[] {
  return [
    ...[...Map.groupBy(engines, ({ labels }) => labels['engine'] ?? '')].flatMap(([name, nodes]) =>
      engineFinding(name, nodes, atMs),
    ),
    ...graph.zones.flatMap(({ name }) => zoneFinding(name, up, atMs)),
    ...graph.services.flatMap((service) => serviceFinding(service, up, atMs, replicas)),
    ...restartFindings(sent, atMs),
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
  const others = up.filter((series) => !inside.includes(series));
  if (sinceMs === null || inside.some((series) => isSeen(series, atMs))) return [];
  if (!others.some((series) => isSeen(series, atMs))) return [];
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
  const there = own.filter((series) => isSeen(series, atMs));
  const gone = own.filter((series) => !there.includes(series));
  const subject = { id: name, kind: 'service' } as const;
  const query = text(UP_LATELY);
  const expected = replicas[name] ?? scale.minReplicas;
  if (there.length >= expected) return [];
  const isAway = there.length === 0;
  const names = gone.map(({ labels }) => labels['instance'] ?? '').join(', ');
  const says = isAway
    ? 'no replica is seen'
    : `${there.length} of ${expected} replicas are seen${names === '' ? '' : `, not ${names}`}`;
  const kind = isAway ? 'away' : 'replica';
  const evidence = { kind, says, sinceMs: lastTime(gone, isUp), query } as const;
  return [finding({ ...subject, weight: isAway ? 1 : ONE_OF_SOME }, [evidence])];
}

/** Once is somebody at work. */
const RESTARTS_MIN = 2;
const RESTARTS_WITHIN_SECONDS = 600;
/** As often as all replicas of a service were started, it was released; nobody releases it so often. */
const RELEASES_MAX = 4;

/** Replicas that were started again and again, beyond the releases of their service. */
function restartFindings(sent: readonly Series[], atMs: number): readonly Finding[] {
  const since = atMs / 1_000 - RESTARTS_WITHIN_SECONDS;
  return [...Map.groupBy(sent, ({ labels }) => labels['job'] ?? '')].flatMap(([id, replicas]) => {
    const started = replicas.map((series) => ({ series, starts: startsOf(series, since) }));
    const released = Math.min(RELEASES_MAX, ...started.map(({ starts }) => starts.length));
    return started.flatMap(({ series, starts }) => {
      const last = starts.at(-1);
      if (last === undefined || starts.length < RESTARTS_MIN || starts.length <= released)
        return [];
      const instance = series.labels['instance'] ?? '';
      const says = `${instance} was started ${starts.length} times within ten minutes`;
      return [
        finding({ id, kind: 'service', weight: ONE_OF_SOME / 2 }, [
          { kind: 'restarts', says, sinceMs: last * 1_000, query: text(SENT) },
        ]),
      ];
    });
  });
}

/** Seconds since 1970 at which a replica was started: what it counts begins at 0 again. */
function startsOf({ points }: Series, since: number): readonly number[] {
  const lately = points.filter(([at]) => at >= since);
  return lately.flatMap(([at, value], position) =>
    value < (lately[position - 1]?.[1] ?? value) ? [at] : [],
  );
}
