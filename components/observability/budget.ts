import { LATENCY_PERCENT, OBJECTIVE_DAYS, operationObjectives } from '../model/objectives.ts';
import type { PlatformGraph, ServiceNode } from '../model/graph.ts';
import type { Severity } from '../model/alert.ts';
import { BASE_WINDOW, BURN_RATES, LONGER_WINDOWS, windowName } from './burn-rates.ts';
import { days, hours, minutes, promql, recorded } from './promql.ts';
import type { Duration, Query } from './promql.ts';
import { ERRORS, EVENTS, servicesWithOperations } from './request-events.ts';
import type { RecordingRule } from './rule.ts';

/** Names that Sloth's rules have too. */
const RATIO = 'slo:sli_error:ratio_rate';
export const BUDGET = 'slo:error_budget:ratio';
export const CURRENT_BURN = 'slo:current_burn_rate:ratio';
export const BUDGET_REMAINING = 'slo:period_error_budget_remaining:ratio';

/** 1 where a budget is spent too quickly, else 0; by service, operation, slo and place. */
export const BURNING: Readonly<Record<Severity, string>> = {
  page: 'slo:burning_page:is_1',
  ticket: 'slo:burning_ticket:is_1',
};

/** What may fail of each objective, wherever its events are counted. */
export function budgetRules(graph: PlatformGraph): readonly RecordingRule[] {
  return [
    ...servicesWithOperations(graph).flatMap((service) => [
      ...availabilityBudgets(service),
      budget(service, 'latency', LATENCY_PERCENT),
    ]),
    ...graph.services.flatMap((service) =>
      service.objectives.freshness.map(({ name, percent }) =>
        budget(service, 'freshness', percent, [name]),
      ),
    ),
  ];
}

function availabilityBudgets(service: ServiceNode): readonly RecordingRule[] {
  const byPercent = Map.groupBy(
    service.methods,
    (method) => operationObjectives(service.objectives, method).availabilityPercent,
  );
  return [...byPercent].map(([percent, methods]) =>
    budget(
      service,
      'availability',
      percent,
      byPercent.size === 1 ? undefined : methods.map(({ name }) => name),
    ),
  );
}

/** With the labels of its events, so that no rule has to say which of them it is matched by. */
function budget(
  { name }: ServiceNode,
  slo: string,
  percent: number,
  operations?: readonly string[],
): RecordingRule {
  const of = operations === undefined ? {} : { operation: operations };
  const events = recorded(EVENTS, { service: name, slo, ...of });
  return { record: BUDGET, query: promql`${events} * 0 + ${allowedShare(percent)}` };
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
      return promql`${above(short)} * ${above(long)}`;
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
