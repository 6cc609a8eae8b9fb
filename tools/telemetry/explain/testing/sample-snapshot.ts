import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { Labels, Series } from '../../stores/prometheus.ts';
import { declaredNodes } from '../declared-edges.ts';
import { edgeViews } from '../edge-states.ts';
import type { MetricsSnapshot, Snapshot } from '../snapshot.ts';
import { generatedAnswers } from './generated-numbers.ts';
import type { Troubles } from './generated-numbers.ts';

/** When sample snapshots are of, and when what is wrong in them began. */
export const NOW_MS = Date.UTC(2026, 2, 1, 12);
export const BEGAN_MS = NOW_MS - 60_000;

const STEP_SECONDS = 10;
const LOOK_BACK_SECONDS = 600;
const LOOKS_SINCE_MS = NOW_MS - LOOK_BACK_SECONDS * 1_000;
const ZONES = ['a', 'b', 'c'] as const;

/** What is wrong in a sample snapshot. */
export interface SampleTrouble {
  readonly edges?: Troubles;
  /** Instances such as 'catalog-b-0' that are not seen any more; with a zone's letter all of it. */
  readonly gone?: readonly string[];
  /** Engines, or nodes of them, that do not answer any more. */
  readonly enginesGone?: readonly string[];
  /** Seconds that the certificate of an instance is valid. */
  readonly certificates?: Readonly<Record<string, number>>;
  /** How often an instance such as 'catalog-b-0' was started, one minute after the other. */
  readonly starts?: Readonly<Record<string, number>>;
  /** How many sessions wait for a lock. */
  readonly locksWaiting?: number;
  /** Milliseconds since 1970 at which an edge began to fail. @default BEGAN_MS */
  readonly began?: Readonly<Record<string, number>>;
}

/** A platform with three replicas of each service and three brokers that is well but for its trouble. */
export function sampleSnapshot(
  graph: PlatformGraph,
  trouble: SampleTrouble = {},
  more: Partial<Snapshot> = {},
): Snapshot {
  const metrics = sampleMetrics(graph, trouble);
  return { atMs: NOW_MS, metrics, traces: [], errorLines: [], refusals: [], ...more };
}

function sampleMetrics(graph: PlatformGraph, trouble: SampleTrouble): MetricsSnapshot {
  const edges = generatedAnswers(graph, trouble.edges ?? {});
  const failing = edgeViews(graph, edges, []).filter((edge) => edge.failing !== null);
  return {
    edges,
    onsets: Object.fromEntries(
      failing.map(({ id, errors, slowest, failing: how }) => {
        const value = (how === 'errors' ? errors.value : slowest.value) ?? 0;
        return [id, [began({}, 0, value, trouble.began?.[id] ?? BEGAN_MS)]];
      }),
    ),
    up: replicas(graph).map((labels) => there(labels, isGone(trouble.gone, labels))),
    sent: replicas(graph).map((labels) =>
      startedAgain(labels, trouble.starts?.[labels['instance'] ?? ''] ?? 0),
    ),
    ageSeconds: 7,
    engines: engineNodes(graph).map((labels) =>
      there(labels, isGone(trouble.enginesGone, { zone: labels['engine'] ?? '', ...labels })),
    ),
    certificates: replicas(graph).map((labels) => {
      const left = trouble.certificates?.[labels['instance'] ?? ''] ?? 3_000;
      return began(labels, 3_000, left);
    }),
    locksWaiting: [began({}, 0, trouble.locksWaiting ?? 0)],
    oldestTransaction: [began({}, 0, trouble.locksWaiting === undefined ? 0 : 60)],
  };
}

function isGone(gone: readonly string[] | undefined, labels: Labels): boolean {
  const { instance, node, zone } = labels;
  return [instance, node, zone].some((name) => name !== undefined && gone?.includes(name) === true);
}

function there(labels: Labels, isAway: boolean): Series {
  return began(labels, 1, isAway ? 0 : 1);
}

function replicas({ services }: PlatformGraph): readonly Labels[] {
  return services.flatMap(({ name }) =>
    ZONES.map((zone) => ({ job: name, zone, instance: `${name}-${zone}-0` })),
  );
}

function engineNodes(graph: PlatformGraph): readonly Labels[] {
  const engines = declaredNodes(graph).flatMap(({ id, kind }) => (kind === 'engine' ? [id] : []));
  return [
    ...engines.map((engine) => ({ engine, node: `${engine}-node` })),
    ...ZONES.map((zone) => ({ engine: 'kafka', node: `kafka-${zone}` })),
  ];
}

/** A series that has another value from a moment on. */
function began(labels: Labels, before: number, after: number, atMs: number = BEGAN_MS): Series {
  return seriesOf(labels, (seconds) => (LOOKS_SINCE_MS + seconds * 1_000 > atMs ? after : before));
}

/** A counter that goes on, and back to 0 at so many minutes. */
function startedAgain(labels: Labels, times: number): Series {
  return seriesOf(labels, (seconds) => seconds - Math.min(Math.floor(seconds / 60), times) * 60);
}

/** A series by the seconds since the first moment that is looked at. */
function seriesOf(labels: Labels, value: (seconds: number) => number): Series {
  const points = Array.from({ length: LOOK_BACK_SECONDS / STEP_SECONDS + 1 }, (_, position) => {
    const seconds = position * STEP_SECONDS;
    return [LOOKS_SINCE_MS / 1_000 + seconds, value(seconds)] as const;
  });
  return { labels, points };
}
