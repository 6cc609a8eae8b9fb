import type { PlatformGraph } from '../../model/graph.ts';
import { alertRecords } from './alert.ts';
import type { Alert } from './alert.ts';
import {
  budgetRules,
  burningRules,
  REMAINING_INTERVAL,
  remainingRules,
  windowRules,
} from './budget.ts';
import { burnAlerts, edgeBurnRules } from './burn-alerts.ts';
import { awayAlerts, awayRules, explainedRules } from './causes.ts';
import { edgeLatencyAlerts, edgeLatencyRules, slowServiceRules } from './edge-latency.ts';
import { engineAlerts } from './engine-alerts.ts';
import { eventAlerts, outboxRules } from './event-alerts.ts';
import { freshnessRules } from './freshness-events.ts';
import { hostAlerts } from './host-alerts.ts';
import type { Duration } from './promql.ts';
import { requestRules, routeRules } from './request-events.ts';
import type { RuleGroup } from './rule.ts';
import { certificateAlerts, declaredAlerts } from './service-alerts.ts';

/** What a stack decides about rules. */
export interface RuleSettings {
  /** How many replicas of a service there are at least, by its name. @default the graph's least */
  readonly replicas?: Readonly<Record<string, number>>;
  /** How long the certificates of services are valid. */
  readonly certificateLifetimeSeconds: number;
}

/** All rules and alerts of a platform, as plain values without a time scale. */
export interface PlatformRules {
  readonly groups: readonly RuleGroup[];
  readonly alerts: readonly Alert[];
}

/** How often rules are evaluated: with each scrape. */
export const EVALUATION_INTERVAL: Duration = { seconds: 15 };

/** The rules that follow from a graph. Pure. Throws CodedError RULES_INVALID. */
export function platformRules(graph: PlatformGraph, settings: RuleSettings): PlatformRules {
  const { replicas = {}, certificateLifetimeSeconds } = settings;
  const slow = edgeLatencyAlerts(graph);
  const others = [
    ...burnAlerts(graph),
    ...eventAlerts(graph),
    ...engineAlerts(graph),
    ...hostAlerts(graph),
    ...certificateAlerts(graph, certificateLifetimeSeconds),
    ...declaredAlerts(graph),
  ];
  const gone = awayAlerts(graph, replicas);
  const alerts = [...gone, ...slow, ...others].filter(({ of }) => of.length > 0);
  const interval = EVALUATION_INTERVAL;
  return {
    groups: [
      {
        name: 'objectives',
        interval,
        rules: [
          ...routeRules(graph),
          ...requestRules(graph),
          ...freshnessRules(graph),
          ...budgetRules(graph),
          ...windowRules(),
          ...burningRules(),
        ],
      },
      { name: 'budgets', interval: REMAINING_INTERVAL, rules: remainingRules() },
      {
        name: 'alerts',
        interval,
        // Each reads what those before it recorded: what is away, then what is slow, then what that explains.
        rules: [
          ...awayRules(graph),
          ...explainedRules(graph),
          ...outboxRules(graph),
          ...edgeLatencyRules(graph),
          ...alertRecords(gone),
          ...alertRecords(slow),
          ...slowServiceRules(graph),
          ...edgeBurnRules(graph),
          ...alertRecords(others),
        ],
      },
    ],
    alerts,
  };
}
