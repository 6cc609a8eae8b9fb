import type { MetricSource, Series } from '../server/sources.ts';

/** A series as it is shown: where its value was not a number, or beyond all numbers, it has a gap. */
export interface ShownSeries extends Omit<Series, 'points'> {
  readonly points: readonly (readonly [atSeconds: number, value: number | null])[];
}

/** A query with what it gives, now and over time. */
export interface QueryView {
  readonly text: string;
  readonly spanSeconds: number;
  /** What is wrong with it, in the store's words; null where it was evaluated. */
  readonly problem: string | null;
  readonly series: readonly ShownSeries[];
  /** How many series are not shown. */
  readonly left: number;
}

/** The store understood the question, and refuses it. */
export class QueryRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'QueryRefused';
  }
}

const SERIES_MAX = 20;
const POINTS = 240;
const STEP_MIN_SECONDS = 15;

/** Evaluates a query over a span of time that ends now. */
export async function queryView(
  metrics: MetricSource,
  question: { readonly text: string; readonly spanSeconds: number; readonly nowMs: number },
): Promise<QueryView> {
  const { text, spanSeconds, nowMs } = question;
  const stepSeconds = Math.max(STEP_MIN_SECONDS, Math.ceil(spanSeconds / POINTS));
  const endSeconds = Math.floor(nowMs / 1_000 / stepSeconds) * stepSeconds;
  const startSeconds = endSeconds - Math.floor(spanSeconds / stepSeconds) * stepSeconds;
  const told = { text, spanSeconds };
  try {
    const series = await metrics.over(text, { startSeconds, endSeconds, stepSeconds });
    const shown = series.slice(0, SERIES_MAX).map(shownOf);
    return { ...told, problem: null, series: shown, left: series.length - shown.length };
  } catch (error) {
    if (!(error instanceof QueryRefused)) throw error;
    return { ...told, problem: error.message, series: [], left: 0 };
  }
}

function shownOf({ points, ...series }: Series): ShownSeries {
  return {
    ...series,
    points: points.map(([at, value]) => [at, Number.isFinite(value) ? value : null] as const),
  };
}
