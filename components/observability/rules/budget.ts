import { LATENCY_PERCENT, OBJECTIVE_DAYS, operationObjectives } from '../../model/objectives.ts';
import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';
import type { Severity } from '../../model/alert.ts';
import { BASE_WINDOW, BURN_RATES, LONGER_WINDOWS, windowName } from './burn-rates.ts';
import { anyOf, days, hours, minutes, promql, recorded } from './promql.ts';
import type { Duration, Query } from './promql.ts';
import { ERRORS, EVENTS, servicesWithOperations } from './request-events.ts';
import type { RecordingRule } from './rule.ts';

/** Names that Sloth's rules have too. */
const RATIO = 'slo:sli_error:ratio_rate';
export const BUDGET = 'slo:error_budget:ratio';
export const CURRENT_BURN = 'slo:current_burn_rate:ratio';
export const BUDGET_REMAINING = 'slo:period_error_budget_remaining:ratio';

/** 1 where a budget is spent too quickly, else 0; by service, operation, slo and `at`, the place. */
export const BURNING: Readonly<Record<Severity, string>> = {
  page: 'slo:burning_page:is_1',
  ticket: 'slo:burning_ticket:is_1',
};

/** What may fail of each objective, wherever its events are counted. */
export function budgetRules(graph: PlatformGraph): readonly RecordingRule[] {
  return [
    ...servicesWithOperations(graph).flatMap((service) => [
      budget(service, 'availability', availabilityShares(service)),
      budget(service, 'latency', new Map([[LATENCY_PERCENT, undefined]])),
    ]),
    ...graph.services
      .filter(({ objectives }) => objectives.freshness.length > 0)
      .map((service) => {
        const byPercent = Map.groupBy(service.objectives.freshness, ({ percent }) => percent);
        return budget(service, 'freshness', namesOf(byPercent));
      }),
  ];
}

/** Operations by the percentage that is expected of them; undefined for all of a service's. */
type Shares = ReadonlyMap<number, readonly string[] | undefined>;

function availabilityShares(service: ServiceNode): Shares {
  const byPercent = Map.groupBy(
    service.methods,
    (method) => operationObjectives(service.objectives, method).availabilityPercent,
  );
  const [only] = byPercent.keys();
  return byPercent.size === 1 && only !== undefined
    ? new Map([[only, undefined]])
    : namesOf(byPercent);
}

function namesOf(byPercent: ReadonlyMap<number, readonly { readonly name: string }[]>): Shares {
  return new Map([...byPercent].map(([percent, all]) => [percent, all.map(({ name }) => name)]));
}

/** With the labels of its events, so that no rule has to say which of them it is matched by. */
function budget({ name: service }: ServiceNode, slo: string, shares: Shares): RecordingRule {
  const each = [...shares].map(([percent, operation]) => {
    const of = operation === undefined ? {} : { operation };
    return promql`${recorded(EVENTS, { service, slo, ...of })} * 0 + ${allowedShare(percent)}`;
  });
  return { record: BUDGET, query: anyOf(each), labels: { service, slo } };
}

/** The share of events that may be bad; decimals of a percentage are not exact in binary. */
export function allowedShare(percent: number): number {
  return Number(((100 - percent) / 100).toPrecision(6));
}

/**
 * Shares of bad events in each window. The longer ones sum up what the shortest recorded: it weighs each
 * event alike, and reads a fraction of the series.
 */
export function windowRules(): readonly RecordingRule[] {
  const short = { record: `${RATIO}5m`, query: promql`${recorded(ERRORS)} / ${recorded(EVENTS)}` };
  const longer = Object.entries(LONGER_WINDOWS).map(([name, window]) => ({
    record: `${RATIO}${name}`,
    query: badShare(window),
  }));
  return [short, ...longer];
}

/** From so long a window on, one look in each of the shortest is enough: 864 in three days. */
const COARSE = hours(2);

function badShare(window: Duration): Query {
  const range =
    window.seconds < COARSE.seconds ? promql`[${window}]` : promql`[${window}:${BASE_WINDOW}]`;
  return promql`sum_over_time(${recorded(ERRORS)}${range}) / sum_over_time(${recorded(EVENTS)}${range})`;
}

/** Nobody is told of one request that failed, or two, however few there were; counts are extrapolated. */
const BAD_EVENTS_LEAST = 3;
const EXTRAPOLATED = 0.5;

/** Whether so many events were bad in a window; a span of time in a sum is its seconds. */
function enoughBad(window: Duration): Query {
  const isBase = window.seconds === BASE_WINDOW.seconds;
  const rates = isBase
    ? recorded(ERRORS)
    : promql`sum_over_time(${recorded(ERRORS)}[${window}:${BASE_WINDOW}])`;
  return promql`(${rates} * ${BASE_WINDOW} > bool ${BAD_EVENTS_LEAST - EXTRAPOLATED})`;
}

/** Which budgets are spent too quickly. */
export function burningRules(): readonly RecordingRule[] {
  const burn = {
    record: CURRENT_BURN,
    query: promql`${recorded(`${RATIO}5m`)} / ${recorded(BUDGET)}`,
  };
  const burning = (['page', 'ticket'] as const).map((severity) => {
    const [fast, slow] = BURN_RATES[severity].map(({ factor, long, short }) => {
      const above = (window: Duration) =>
        promql`(${recorded(`${RATIO}${windowName(window)}`)} > bool ${factor} * ${recorded(BUDGET)})`;
      return promql`${above(short)} * ${above(long)} * ${enoughBad(short)}`;
    });
    return {
      record: BURNING[severity],
      query: promql`clamp_max(${fast ?? promql``} + ${slow ?? promql``}, 1)`,
    };
  });
  return [burn, ...burning];
}

/** How much of each budget is left. */
export function remainingRules(): readonly RecordingRule[] {
  const spent = promql`(${badShare(days(OBJECTIVE_DAYS))}) / ${recorded(BUDGET)}`;
  return [{ record: BUDGET_REMAINING, query: promql`1 - ${spent}` }];
}

/** How often what is left of a budget is looked at. */
export const REMAINING_INTERVAL = minutes(5);
