import {
  BUDGET,
  BUDGET_REMAINING,
  BURNING,
  CURRENT_BURN,
} from '@meridian/components/observability/rules/budget.ts';
import { ALERT } from '@meridian/components/observability/rules/alert.ts';
import type { Labels, Prometheus, Sample } from '../stores/prometheus.ts';

/** An objective with what is left of its budget. */
export interface ObjectiveState {
  readonly service: string;
  readonly operation: string;
  readonly slo: 'availability' | 'latency' | 'freshness';
  /** Where its events are counted: `edge`, `server`, or empty where nobody waits. */
  readonly place: string;
  /** Of events that may be bad. */
  readonly allowedShare: number;
  /** Of the budget of 30 days; null where there were no events. */
  readonly remaining: number | null;
  /** Of the last 5 minutes, 1 is what 30 days allow; null where there were no events. */
  readonly burnRate: number | null;
  readonly burning: 'page' | 'ticket' | null;
}

/** An alert that fires by the platform's rules. */
export interface RecordedAlert {
  readonly alert: string;
  readonly service: string;
  readonly severity: string;
}

/** The objectives of all services and the alerts that fire, as the rules have recorded them. */
export async function objectiveStates(prometheus: Pick<Prometheus, 'instant'>): Promise<{
  readonly objectives: readonly ObjectiveState[];
  readonly alerts: readonly RecordedAlert[];
}> {
  const [allowed = [], left = [], burn = [], pages = [], tickets = [], firing = []] =
    await Promise.all(
      [
        ...[BUDGET, BUDGET_REMAINING, CURRENT_BURN],
        ...[BURNING.page, BURNING.ticket].map((record) => `${record} == 1`),
        `${ALERT} == 1`,
      ].map((query) => prometheus.instant(query)),
    );
  const [leftOf, burnOf, pageOf, ticketOf] = [left, burn, pages, tickets].map(byObjective);
  const objectives = allowed.map(({ labels, value }): ObjectiveState => {
    const key = keyOf(labels);
    return {
      ...{ service: labels['service'] ?? '', operation: labels['operation'] ?? '' },
      slo: sloOf(labels),
      place: labels['at'] ?? '',
      allowedShare: value,
      remaining: finite(leftOf?.get(key)),
      burnRate: finite(burnOf?.get(key)),
      burning: burningOf(pageOf?.has(key) === true, ticketOf?.has(key) === true),
    };
  });
  return {
    objectives: objectives.toSorted(worstFirst),
    alerts: firing.map(({ labels }) => ({
      alert: labels['alert'] ?? '',
      service: labels['service'] ?? '',
      severity: labels['severity'] ?? '',
    })),
  };
}

function byObjective(samples: readonly Sample[]): ReadonlyMap<string, number> {
  return new Map(samples.map(({ labels, value }) => [keyOf(labels), value]));
}

function keyOf({ service, operation, slo, at }: Labels): string {
  return JSON.stringify([service, operation, slo, at]);
}

/** Where there were no events a share of them is not a number. */
function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function sloOf({ slo }: Labels): ObjectiveState['slo'] {
  return slo === 'availability' || slo === 'latency' ? slo : 'freshness';
}

function burningOf(page: boolean, ticket: boolean): ObjectiveState['burning'] {
  if (page) return 'page';
  return ticket ? 'ticket' : null;
}

function worstFirst(one: ObjectiveState, other: ObjectiveState): number {
  const [a, b] = [one, other].map(({ burnRate }) => burnRate ?? -1);
  const [left, otherLeft] = [one, other].map(({ remaining }) => remaining ?? 1);
  return (
    (b ?? 0) - (a ?? 0) ||
    (left ?? 1) - (otherLeft ?? 1) ||
    `${one.service}.${one.operation}`.localeCompare(`${other.service}.${other.operation}`)
  );
}
