import type { Severity } from '@meridian/components/model/alert.ts';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import type { Selection } from '@meridian/components/observability/rules/promql.ts';
import type { PlatformRules } from '@meridian/components/observability/rules/rules.ts';
import type { DeclaredSettings } from '../stacks/stacks.ts';

/** An alert of the stack, as it is of one service or engine: plain JSON. */
export interface DeclaredAlert {
  readonly name: string;
  readonly service: string;
  readonly owner: string;
  readonly severity: Severity;
  /** What users feel, in one line. */
  readonly feels: string;
  readonly runbook: string;
  /** In words, such as 'more than 14.4 times what 30 days allow'. */
  readonly limit: string;
  /** What its value is compared with. */
  readonly threshold: number;
  readonly isBelow: boolean;
  /** What it asks Prometheus: whether it fires, then its value. */
  readonly asks: readonly string[];
  /** What its value is made of, through whatever is recorded on the way: metrics of those who are named, sorted. */
  readonly watches: readonly WatchedMetric[];
}

/** A metric of a service or an engine. */
export interface WatchedMetric {
  readonly metric: string;
  readonly of: string;
}

/** The alerts of a stack, by the rules that it deploys. Throws CodedError RULES_INVALID. */
export async function declaredAlerts(
  graph: LandedGraph,
  settings: DeclaredSettings,
): Promise<readonly DeclaredAlert[]> {
  const rules = await stackRules(graph, settings);
  const { textOf } = await import('@meridian/components/observability/rules/promql.ts');
  const { selectionsReadBy } = await import('@meridian/components/observability/rules/reads.ts');
  return rules.alerts.flatMap((alert) => {
    const { name, severity, feels, runbook, limit } = alert;
    return alert.of.map((one) => ({
      ...{ name, severity, runbook, limit },
      feels: feels.replaceAll('SERVICE', one.service),
      service: one.service,
      owner: one.owner,
      threshold: one.limit,
      isBelow: one.isBelow ?? false,
      asks: [textOf(one.firing, 1), textOf(one.value, 1)],
      watches: watched(selectionsReadBy(rules, one.value)),
    }));
  });
}

function watched(selections: readonly Selection[]): readonly WatchedMetric[] {
  const pairs = selections.flatMap(({ metric, matchers: { job } }) =>
    [job ?? []].flat().flatMap((of) => (typeof of === 'string' ? [`${metric} ${of}`] : [])),
  );
  return [...new Set(pairs)].toSorted().map((pair) => {
    const [metric = '', of = ''] = pair.split(' ');
    return { metric, of };
  });
}

/** What another landing needs is not loaded. */
async function stackRules(graph: LandedGraph, settings: DeclaredSettings): Promise<PlatformRules> {
  if (settings.landing === 'local') {
    const { localRuleSettings } =
      await import('@meridian/components/observability/local/rule-settings.ts');
    const { platformRules } = await import('@meridian/components/observability/rules/rules.ts');
    return platformRules(graph, localRuleSettings({ graph, settings }));
  }
  const { nounsForPods } = await import('@meridian/components/landings.ts');
  const { enginesOf } = await import('@meridian/components/kubernetes/kubernetes-nouns.ts');
  const { clusterRules } =
    await import('@meridian/components/observability/kubernetes/prometheus-chart.ts');
  // Neither the version nor migrations are anything that a rule reads.
  return clusterRules({
    ...{
      graph,
      settings,
      engines: enginesOf(await nounsForPods(settings)),
      version: '',
      migrations: {},
    },
  });
}
