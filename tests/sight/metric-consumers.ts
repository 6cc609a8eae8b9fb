import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { RATE_INTERVAL } from '@meridian/components/observability/boards/board-queries.ts';
import { linesOf, platformBoards } from '@meridian/components/observability/boards/boards.ts';
import { ALERT, ALERT_VALUE } from '@meridian/components/observability/rules/alert.ts';
import {
  recorded,
  RELEASE_LABEL,
  textOf,
} from '@meridian/components/observability/rules/promql.ts';
import type { Query, Selection } from '@meridian/components/observability/rules/promql.ts';
import { rulesReadBy, selectionsReadBy } from '@meridian/components/observability/rules/reads.ts';
import type { RecordingRule } from '@meridian/components/observability/rules/rule.ts';
import type { PlatformRules } from '@meridian/components/observability/rules/rules.ts';
import { releaseAnalysis } from '@meridian/components/service/kubernetes/release-analysis.ts';
import { queueDepthQuery } from '@meridian/components/service/kubernetes/queue-depth.ts';

/** Who decides or shows something by metrics. */
export type MetricConsumerKind = 'alert' | 'panel' | 'canary' | 'scaler';

/** A consumer of metrics, and what it asks Prometheus. */
export interface MetricConsumer {
  readonly kind: MetricConsumerKind;
  readonly name: string;
  readonly queries: readonly string[];
  /** What it cannot do without: of an alert, what makes its value. */
  readonly needs: readonly Selection[];
  /** Rules that have to be evaluated for it. */
  readonly rules: readonly RecordingRule[];
}

/** The release of every replica that was recorded, as a cluster's scrapes say it. */
export const RECORDED_RELEASE = 'recorded';

/** As wide as a board shows it. */
const WINDOW = '5m';

/** Every consumer of metrics that follows from a graph. */
export function metricConsumers(
  graph: PlatformGraph,
  rules: PlatformRules,
): readonly MetricConsumer[] {
  return [
    ...alertConsumers(rules),
    ...panelConsumers(graph, rules),
    ...canaryConsumers(graph),
    ...scalerConsumers(graph),
  ];
}

function alertConsumers(rules: PlatformRules): readonly MetricConsumer[] {
  return rules.alerts.flatMap(({ name, of }) =>
    of.map(({ service, value }) => {
      const matchers = { alert: name, service };
      const read = [ALERT_VALUE, ALERT].map((record) => recorded(record, matchers));
      return {
        kind: 'alert' as const,
        name: `alert ${name} of ${service}`,
        queries: read.map((query) => textOf(query, 1)),
        needs: selectionsReadBy(rules, value),
        rules: read.flatMap((query) => rulesReadBy(rules, query)),
      };
    }),
  );
}

function panelConsumers(graph: PlatformGraph, rules: PlatformRules): readonly MetricConsumer[] {
  return platformBoards(graph, rules).flatMap((board) =>
    linesOf(board).map(({ panel, legend, query }) => ({
      kind: 'panel' as const,
      name: `panel '${panel}' (${legend}) of '${board.title}'`,
      ...asked(rules, query),
    })),
  );
}

function asked(
  rules: PlatformRules,
  query: Query,
): Pick<MetricConsumer, 'queries' | 'needs' | 'rules'> {
  return {
    queries: [textOf(query, 1).replaceAll(RATE_INTERVAL, WINDOW)],
    // That an alert fires is shown; what it sees is its own to say.
    needs: query.records.some(({ name }) => name === ALERT) ? [] : selectionsReadBy(rules, query),
    rules: rulesReadBy(rules, query),
  };
}

function canaryConsumers(graph: PlatformGraph): readonly MetricConsumer[] {
  return graph.services.flatMap((service) => {
    const analysis = releaseAnalysis(graph, service, '', RECORDED_RELEASE);
    return analysis === undefined
      ? []
      : [
          plain('canary', `errors of a release of ${service.name}`, analysis.errorShare.query),
          plain('canary', `latency of a release of ${service.name}`, analysis.latencyP95.query),
          plain('canary', `pods of a release of ${service.name}`, analysis.measuredPods),
        ];
  });
}

function scalerConsumers(graph: PlatformGraph): readonly MetricConsumer[] {
  return graph.services
    .filter(({ implemented }) => implemented)
    .map((service) =>
      plain('scaler', `queue of ${service.name}`, queueDepthQuery(graph, service.name)),
    );
}

/** A query that knows nothing of rules. */
function plain(kind: 'canary' | 'scaler', name: string, query: Query): MetricConsumer {
  return {
    kind,
    name: `${kind} ${name}`,
    queries: [textOf(query, 1)],
    needs: query.selections,
    rules: [],
  };
}

/** Labels that the scrapes of a cluster add, by which its consumers select. */
export function clusterLabels(graph: PlatformGraph): Readonly<Record<string, string>> {
  return { namespace: graph.namespace, [RELEASE_LABEL]: RECORDED_RELEASE };
}
