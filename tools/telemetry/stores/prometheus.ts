import { z } from 'zod';
import type { StoreConnection } from './store-connection.ts';

/** Labels of a series by their names. */
export type Labels = Readonly<Record<string, string>>;

/** A value of a series at one moment. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** Values of a series over time. */
export interface Series {
  readonly labels: Labels;
  /** Seconds since 1970 with a value each, the oldest first. */
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

/** A trace that stands for values of a series. */
export interface Exemplar {
  readonly seriesLabels: Labels;
  readonly labels: Labels;
  readonly value: number;
  /** Since 1970. */
  readonly seconds: number;
}

/** What is scraped. */
export interface Target {
  readonly labels: Labels;
  readonly health: string;
  readonly lastError: string;
  /** RFC 3339. */
  readonly lastScrape: string;
}

/** A rule as Prometheus evaluated it. */
export interface EvaluatedRule {
  readonly group: string;
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly health: string;
  readonly query: string;
  readonly lastError?: string | undefined;
  /** RFC 3339. */
  readonly lastEvaluation: string;
}

/** A span of time, in seconds since 1970. */
export interface TimeSpan {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

const labels = z.record(z.string(), z.string());
/** Infinite values and those that are not numbers are words there. */
const value = z.string().transform((text) => Number(text.replace(/Inf$/, 'Infinity')));
const point = z.tuple([z.number(), value]);

const vector = z.object({
  data: z.object({ result: z.array(z.object({ metric: labels, value: point })) }),
});
const matrix = z.object({
  data: z.object({ result: z.array(z.object({ metric: labels, values: z.array(point) })) }),
});
const exemplars = z.object({
  data: z.array(
    z.object({
      seriesLabels: labels,
      exemplars: z.array(z.object({ labels, value, timestamp: z.number() })),
    }),
  ),
});
const rules = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        rules: z.array(
          z.object({
            ...{ name: z.string(), type: z.enum(['alerting', 'recording']), query: z.string() },
            ...{ health: z.string(), lastError: z.string().optional() },
            lastEvaluation: z.string(),
          }),
        ),
      }),
    ),
  }),
});
const targets = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ labels, health: z.string(), lastError: z.string(), lastScrape: z.string() }),
    ),
  }),
});

/** Metrics, rules and targets. Source: Prometheus 3, "HTTP API". */
export class Prometheus {
  readonly #connection: StoreConnection;

  constructor(connection: StoreConnection) {
    this.#connection = connection;
  }

  /** What a query gives at one moment. @param atSeconds since 1970, @default now */
  async instant(query: string, atSeconds?: number): Promise<readonly Sample[]> {
    const time = atSeconds?.toString();
    const answer = await this.#connection.json('/api/v1/query', { query, time }, vector);
    return (answer?.data.result ?? []).map(({ metric, value: [, number] }) => ({
      labels: metric,
      value: number,
    }));
  }

  /** What a query gives over a span of time. */
  async range(
    query: string,
    { fromSeconds, toSeconds }: TimeSpan,
    stepSeconds: number,
  ): Promise<readonly Series[]> {
    const span = { start: String(fromSeconds), end: String(toSeconds), step: String(stepSeconds) };
    const answer = await this.#connection.json('/api/v1/query_range', { query, ...span }, matrix);
    return (answer?.data.result ?? []).map(({ metric, values }) => ({
      labels: metric,
      points: values,
    }));
  }

  async exemplars(
    query: string,
    { fromSeconds, toSeconds }: TimeSpan,
  ): Promise<readonly Exemplar[]> {
    const span = { start: String(fromSeconds), end: String(toSeconds) };
    const path = '/api/v1/query_exemplars';
    const answer = await this.#connection.json(path, { query, ...span }, exemplars);
    return (answer?.data ?? []).flatMap(({ seriesLabels, exemplars: all }) =>
      all.map(({ timestamp, ...each }) => ({ seriesLabels, ...each, seconds: timestamp })),
    );
  }

  async rules(): Promise<readonly EvaluatedRule[]> {
    const answer = await this.#connection.json('/api/v1/rules', {}, rules);
    return (answer?.data.groups ?? []).flatMap((group) =>
      group.rules.map((rule) => ({ group: group.name, ...rule })),
    );
  }

  async targets(): Promise<readonly Target[]> {
    const answer = await this.#connection.json('/api/v1/targets', { state: 'active' }, targets);
    return answer?.data.activeTargets ?? [];
  }
}
