import type { Sample } from '../telemetry/stores/prometheus.ts';

/** A series as one replica served it, without its values; of a histogram one for all of its bounds. */
export interface SeriesWithoutValues {
  /** Of a histogram without `_bucket`, `_count` or `_sum`. */
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Values of `le`, the lowest first; absent of what is not a histogram. */
  readonly bounds?: readonly string[];
}

/** What Prometheus adds to each scrape, which nobody reads. */
const OF_SCRAPES = 'scrape_';

/** Where the one replica of a service is. */
const ONLY_ZONE = 'a';

const SUFFIX = /_(?:bucket|count|sum)$/;

/** What is told of each zone, and not of the platform: whether its processes are up, and what a probe there is answered. */
const OF_A_ZONE = { metric: 'up', job: 'probe' } as const;

/**
 * What was scraped, as if each service had one replica: what any of its replicas served. What is told of a zone has one
 * in each. Of other jobs, which are engines and what watches them, whether they are up is kept, and what the registry has.
 *
 * @param services names of services, which are their jobs
 * @param registered names of the registry's metrics
 */
export function recordedSeries(
  samples: readonly Sample[],
  services: readonly string[],
  registered: ReadonlySet<string>,
): readonly SeriesWithoutValues[] {
  const kept = samples.filter(({ labels: { __name__: name = '', job = '' } }) =>
    services.includes(job)
      ? !name.startsWith(OF_SCRAPES)
      : name === 'up' || registered.has(baseOf(name)),
  );
  const histograms = new Set(
    kept.flatMap(({ labels: { __name__: name = '', job = '', le } }) =>
      le === undefined ? [] : [`${job} ${baseOf(name)}`],
    ),
  );
  const all = kept.map(({ labels: { __name__: name = '', le, ...labels } }) => {
    const { job = '' } = labels;
    const metric = histograms.has(`${job} ${baseOf(name)}`) ? baseOf(name) : name;
    return { metric, labels: asOneReplica(metric, labels), le };
  });
  const same = Map.groupBy(all, ({ metric, labels }) => JSON.stringify([metric, labels]));
  return [...same]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, [first, ...others]]) => {
      if (first === undefined) return [];
      const bounds = new Set([first, ...others].flatMap(({ le }) => le ?? []));
      const { metric, labels } = first;
      return bounds.size === 0
        ? [{ metric, labels }]
        : [{ metric, labels, bounds: [...bounds].toSorted(byBound) }];
    });
}

function baseOf(name: string): string {
  return name.replace(SUFFIX, '');
}

function asOneReplica(
  metric: string,
  labels: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { job = '', zone = ONLY_ZONE } = labels;
  const isOfZone = metric === OF_A_ZONE.metric || job === OF_A_ZONE.job;
  const own = { ...labels, instance: `${job}-0`, zone: isOfZone ? zone : ONLY_ZONE };
  return Object.fromEntries(Object.entries(own).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function byBound(one: string, other: string): number {
  return numberOf(one) - numberOf(other);
}

function numberOf(bound: string): number {
  return bound === '+Inf' ? Infinity : Number(bound);
}
