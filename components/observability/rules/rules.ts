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
import { backupAlerts } from './backup-alerts.ts';
import type { ArchiveSettings } from './backup-alerts.ts';
import { blindAlert } from './blind-alert.ts';
import { burnAlerts, edgeBurnRules } from './burn-alerts.ts';
import { awayAlerts, awayRules, explainedRules } from './causes.ts';
import { cloudAlerts } from './cloud-alerts.ts';
import type { CloudWatchSettings } from './cloud-alerts.ts';
import { expiryAlerts } from './certificate-alerts.ts';
import type { ExpiryWatch } from './certificate-alerts.ts';
import { edgeLatencyAlerts, edgeLatencyRules, slowServiceRules } from './edge-latency.ts';
import { engineAlerts, enginesUnseen } from './engine-alerts.ts';
import { eventAlerts, outboxRules } from './event-alerts.ts';
import { freshnessRules } from './freshness-events.ts';
import { hostAlerts, processAlert } from './host-alerts.ts';
import { instanceAlerts } from './instance-alerts.ts';
import type { InstanceSettings } from './instance-alerts.ts';
import { probeAlerts, probeRules } from './probe-alerts.ts';
import type { Duration } from './promql.ts';
import { requestRules, routeRules } from './request-events.ts';
import type { RuleGroup } from './rule.ts';
import { certificateAlerts, declaredAlerts } from './service-alerts.ts';
import { telemetryAlerts } from './telemetry-alerts.ts';

/** What a stack decides about rules. */
export interface RuleSettings {
  /** How many replicas of a service there are at least, by its name. @default the graph's least */
  readonly replicas?: Readonly<Record<string, number>>;
  /** How long the certificates of services are valid. */
  readonly certificateLifetimeSeconds: number;
  /** Where PostgreSQL archives. @default it does not, and nothing is said of it */
  readonly archive?: ArchiveSettings;
  /** Whether the machine's own metrics are collected. @default they are */
  readonly isHostSeen?: boolean;
  /** Instances of the server that has the data. @default it is one, and nothing is said of others */
  readonly instances?: InstanceSettings;
  /** What AWS says of engines that it manages. @default nobody asks it, and nothing is said of it */
  readonly cloud?: CloudWatchSettings;
  /** What says when certificates end, beside cert-manager. @default neither is asked */
  readonly expiries?: readonly ExpiryWatch[];
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
  const { replicas = {}, certificateLifetimeSeconds, archive, instances, expiries } = settings;
  const { isHostSeen = true, cloud } = settings;
  const slow = edgeLatencyAlerts(graph);
  const others = [
    ...burnAlerts(graph),
    ...eventAlerts(graph),
    ...engineAlerts(graph),
    enginesUnseen(graph),
    ...instanceAlerts(graph, instances),
    ...backupAlerts(graph, archive),
    ...cloudAlerts(graph, cloud),
    ...(isHostSeen ? hostAlerts(graph) : []),
    processAlert(graph),
    ...probeAlerts(graph),
    ...certificateAlerts(graph, certificateLifetimeSeconds),
    ...expiryAlerts(graph, expiries),
    ...declaredAlerts(graph),
    ...telemetryAlerts(graph),
  ];
  const gone = awayAlerts(graph, replicas);
  const known = { gone, slow, others };
  const blind = blindAlert(graph, { groups: groupsOf(graph, known) }, Object.values(known).flat());
  const all = { ...known, others: [...others, blind] };
  const alerts = Object.values(all)
    .flat()
    .filter(({ of }) => of.length > 0);
  return { groups: groupsOf(graph, all), alerts };
}

/** Alerts by what their rules read of each other's: what is away, what is slow, and all others. */
interface OrderedAlerts {
  readonly gone: readonly Alert[];
  readonly slow: readonly Alert[];
  readonly others: readonly Alert[];
}

function groupsOf(
  graph: PlatformGraph,
  { gone, slow, others }: OrderedAlerts,
): readonly RuleGroup[] {
  const interval = EVALUATION_INTERVAL;
  return [
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
        ...probeRules(),
        ...edgeLatencyRules(graph),
        ...alertRecords(gone),
        ...alertRecords(slow),
        ...slowServiceRules(graph),
        ...edgeBurnRules(graph),
        ...alertRecords(others),
      ],
    },
  ];
}
