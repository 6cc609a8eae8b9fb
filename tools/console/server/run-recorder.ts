import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { text } from '../../telemetry/explain/edge-queries.ts';
import { unlessAway } from '../views/platform.ts';
import type { Moment } from '../views/purchase-view.ts';
import { addEdges, TICK, TICK_QUERIES, tickEdges, withTraces } from '../views/run-summary.ts';
import type { RunEdge, RunSummary } from '../views/run-summary.ts';
import type { RunFiles } from './run-files.ts';
import type { Labels, MetricSource } from './sources.ts';

/** Histograms whose observations say in which trace they were made. */
const WITH_TRACES = [
  METRIC_REGISTRY.httpServerRequestDuration,
  METRIC_REGISTRY.rpcServerCallDuration,
  METRIC_REGISTRY.rpcClientCallDuration,
];

/** What a recorder needs. */
export interface RecorderProps {
  readonly graph: PlatformGraph;
  readonly metrics: MetricSource;
  readonly files: RunFiles;
  /** Digest of each service's code now. */
  readonly releases: () => Labels;
  readonly now: () => number;
}

/** Sums up what the platform does, from one change of it to the next. */
export class RunRecorder {
  readonly #props: RecorderProps;
  #run: RunSummary;

  constructor(props: RecorderProps) {
    this.#props = props;
    const newest = props.files.ids()[0];
    const last = newest === undefined ? undefined : props.files.read(newest);
    const releases = props.releases();
    // A console that starts again goes on with the run that it was in.
    this.#run =
      last !== undefined && isSame(last.releases, releases)
        ? last
        : this.#begin(last?.releases ?? {});
  }

  /** Adds what has happened since the last tick; to be called once in `TICK`. */
  async tick(): Promise<void> {
    const { graph, metrics, files, releases, now } = this.#props;
    if (!isSame(this.#run.releases, releases())) this.#run = this.#begin(this.#run.releases);
    const answers = await unlessAway(
      Promise.all(TICK_QUERIES.map((query) => metrics.now(text(query)))),
    );
    if (answers === undefined) return;
    const added = await this.#traced(tickEdges(graph, answers));
    // A run in which nothing happened is not worth a file.
    if (added.length === 0) return;
    this.#run = { ...this.#run, endedMs: now(), edges: addEdges(this.#run.edges, added) };
    await files.keep(this.#run);
  }

  /** Changes of services' code in a span of time, as moments. */
  releases(startMs: number, endMs: number): readonly Moment[] {
    const { files } = this.#props;
    return files
      .ids()
      .filter((id) => Number(id) >= startMs && Number(id) <= endMs)
      .flatMap((id) => {
        const { changed = [], releases = {} } = files.read(id) ?? {};
        return changed.length === 0 ? [] : [releaseOf(Number(id), changed, releases)];
      });
  }

  async #traced(edges: readonly RunEdge[]): Promise<readonly RunEdge[]> {
    const endSeconds = this.#props.now() / 1_000;
    const startSeconds = endSeconds - TICK.seconds;
    const range = { startSeconds, endSeconds, stepSeconds: TICK.seconds };
    const found = await unlessAway(
      Promise.all(
        WITH_TRACES.map(({ name }) => this.#props.metrics.exemplars(`${name}_bucket`, range)),
      ),
    );
    return withTraces(edges, found?.flat() ?? []);
  }

  #begin(before: Labels): RunSummary {
    const releases = this.#props.releases();
    const changed = Object.keys(releases).filter((name) => releases[name] !== before[name]);
    const id = String(this.#props.now());
    return { id, endedMs: Number(id), releases, changed, edges: [] };
  }
}

/** What changed at once is one release, as at a start, which changes all. */
function releaseOf(atMs: number, changed: readonly string[], releases: Labels): Moment {
  const [service = '', ...others] = changed;
  const alone = others.length === 0;
  return {
    ...{ kind: 'release', atMs, what: 'release', trace: null },
    service: alone ? service : `${changed.length} services`,
    detail: alone ? (releases[service] ?? '').slice(0, 12) : changed.join(', '),
    command: alone ? `meridian logs --service ${service} --level error` : 'meridian status',
  };
}

function isSame(one: Labels, other: Labels): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}
